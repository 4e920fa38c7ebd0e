"""One chapter: a MyST text that holds an exercise whole: prose, solution, tests, wrong and right answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from nbformat import NotebookNode
from yaml import YAMLError

from grader.course.myst import read_myst
from grader.course.options import check_options
from grader.errors import CourseError
from grader.answer_key import Mistake

KINDS = ("solution", "test", "manual", "wrong", "right", "example")
PRIVATE = ("wrong", "right", "example")  # these never leave the chapter
OPTIONS = {
    "solution": {"solution", "hint"},
    "test": {"test", "points", "inplace"},
    "manual": {"manual", "points"},
    "wrong": {"wrong", "loses", "hint"},
    "right": {"right"},
    "example": {"example"},
    "plain": {"demo", "hide", "tags"},
}
BEGIN_SOLUTION, END_SOLUTION = "### BEGIN SOLUTION", "### END SOLUTION"
BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"


@dataclass(frozen=True)
class ChapterCell:
    """A cell and where it stands; `kind` is plain or one of KINDS, `exercise` its exercise's short word."""

    kind: str
    exercise: str
    cell_type: str
    source: str
    options: dict = field(repr=False)
    line: int = 0


@dataclass(frozen=True)
class Chapter:
    """A parsed chapter. `name` is also the name of its assignment and of its notebook."""

    path: Path
    cells: tuple[ChapterCell, ...]
    title: str

    @property
    def name(self) -> str:
        return self.path.stem

    def of_kind(self, kind: str) -> tuple[ChapterCell, ...]:
        return tuple(cell for cell in self.cells if cell.kind == kind)

    @cached_property
    def exercises(self) -> dict[str, ChapterCell]:
        """exercise -> its solution cell, in the order of the text"""
        return {cell.exercise: cell for cell in self.of_kind("solution")}

    def mistakes(self, exercise: str) -> tuple[Mistake, ...]:
        """The known-wrong answers of an exercise, in the order of the text."""
        wrong = (cell for cell in self.of_kind("wrong") if cell.exercise == exercise)
        return tuple(Mistake(c.source, float(c.options["loses"]), c.options["hint"]) for c in wrong)

    def hints(self, exercise: str) -> tuple[str, ...]:
        """What to say, level by level, when no known mistake is recognised: a question, an example."""
        general = self.exercises[exercise].options.get("hint", "")
        examples = (c.source for c in self.of_kind("example") if c.exercise == exercise)
        return tuple(text for text in (general, *examples) if text)

    def rights(self, exercise: str) -> tuple[str, ...]:
        return tuple(cell.source for cell in self.of_kind("right") if cell.exercise == exercise)

    def test(self, exercise: str) -> ChapterCell:
        return next(cell for cell in self.of_kind("test") if cell.exercise == exercise)

    def points(self, exercise: str) -> float:
        return float(self.test(exercise).options["points"])


def read_chapter(path: Path) -> Chapter:
    """Parse `path`; what cannot be read as MyST is a CourseError with its file."""
    try:
        return _parsed(path, path.read_text(encoding="utf-8"))
    except (ValueError, OSError, YAMLError) as error:
        remedy = "see CONTRIBUTING.md for the form of a chapter"
        problem = " ".join(str(error).split())
        raise CourseError(f"not readable as MyST: {problem}", file=path, remedy=remedy) from None


@lru_cache(maxsize=32)
def _parsed(path: Path, text: str) -> Chapter:
    """A chapter from its text; one grading asks for it several times, and each takes a while."""
    check_options(text, path)
    nb = read_myst(text)
    lines = nb.metadata.get("source_map", [])
    cells = tuple(_cell(path, cell, line + 1) for cell, line in zip(nb.cells, lines, strict=True))
    return Chapter(path, cells, _title(cells, path))


def _title(cells: tuple[ChapterCell, ...], path: Path) -> str:
    first = cells[0].source.partition("\n")[0] if cells else ""
    return first.lstrip("# ").strip() or path.stem


def _cell(path: Path, cell: NotebookNode, line: int) -> ChapterCell:
    options = dict(cell.metadata)
    kinds = [kind for kind in KINDS if kind in options]
    if len(kinds) > 1:
        remedy = "give each cell one of " + ", ".join(f":{kind}:" for kind in KINDS)
        raise CourseError(f"a cell is both {' and '.join(kinds)}", file=path, line=line, remedy=remedy)
    kind = kinds[0] if kinds else "plain"
    exercise = str(options.get(kind, ""))
    unknown = set(options) - OPTIONS[kind]
    if unknown:
        remedy = "known here: " + ", ".join(sorted(OPTIONS[kind]))
        problem = f"unknown cell option {', '.join(sorted(unknown))}"
        raise CourseError(problem, file=path, line=line, grade_id=exercise, remedy=remedy)
    return ChapterCell(kind, exercise, cell.cell_type, cell.source, options, line)
