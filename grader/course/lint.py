"""Reads a chapter the way a careful colleague would, before anything is built from it."""

import ast
import re
from collections.abc import Callable
from dataclasses import replace

from grader.course.chapter import (
    BEGIN_HIDDEN,
    BEGIN_SOLUTION,
    END_HIDDEN,
    END_SOLUTION,
    PRIVATE,
    Chapter,
    ChapterCell,
)
from grader.errors import CourseError
from grader.notebook.bindings import ANY
from grader.notebook.names import defined, used

ID = re.compile(r"[A-Za-z0-9_-]{1,50}")
MAGIC = re.compile(r"^\s*[%!?]|\?\s*$", re.MULTILINE)


def proofread(chapter: Chapter) -> None:
    """Raise a CourseError that names file, line, grade_id and remedy for the first thing that is wrong."""
    for rule in (_ids, _syntax, _unique, _known_exercises, _pairs, _points, _markers, _wrong_options, _test_names):
        rule(chapter, _complaint(chapter))


def _complaint(chapter: Chapter) -> Callable[[ChapterCell, str, str], CourseError]:
    def complain(cell: ChapterCell, problem: str, remedy: str) -> CourseError:
        return CourseError(problem, file=chapter.path, line=cell.line, grade_id=cell.exercise, remedy=remedy)

    return complain


def _ids(chapter, complain):
    for cell in (cell for cell in chapter.cells if cell.kind != "plain"):
        if not ID.fullmatch(cell.exercise):
            remedy = "use letters, digits, _ and -, without spaces"
            raise complain(cell, f"{cell.exercise!r} cannot be the name of an exercise", remedy)


def _syntax(chapter, complain):
    """Before anything else wonders which names a cell defines. Wrong answers may be no Python at all."""
    for cell in (c for c in chapter.cells if c.cell_type == "code" and c.kind not in ("wrong", "example")):
        if MAGIC.search(cell.source):
            continue
        try:
            ast.parse(cell.source)
        except SyntaxError as error:
            remedy = f"mend it: {(error.text or '').strip()}"
            raise complain(_at(chapter, cell, error.lineno or 1), f"no Python: {error.msg}", remedy) from None


def _at(chapter: Chapter, cell: ChapterCell, line: int) -> ChapterCell:
    """`cell`, standing where the line `line` of its source stands in the text."""
    text = chapter.path.read_text(encoding="utf-8").splitlines()
    wanted = cell.source.splitlines()
    start = next(n for n in range(cell.line - 1, len(text)) if text[n : n + len(wanted)] == wanted)
    return replace(cell, line=start + line)


def _unique(chapter, complain):
    for kinds in (("solution", "manual"), ("test",)):
        seen: dict[str, int] = {}
        for cell in (c for c in chapter.cells if c.kind in kinds):
            if cell.exercise in seen:
                problem = f"duplicate id: already used on line {seen[cell.exercise]}"
                raise complain(cell, problem, "give one of the two another id")
            seen[cell.exercise] = cell.line


def _known_exercises(chapter, complain):
    for kind in ("test", "wrong", "right", "example"):
        for cell in chapter.of_kind(kind):
            if cell.exercise not in chapter.exercises:
                known = ", ".join(chapter.exercises) or "none"
                problem = f":{kind}: for an unknown exercise"
                raise complain(cell, problem, f"exercises of this chapter: {known}")


def _pairs(chapter, complain):
    tested = {cell.exercise for cell in chapter.of_kind("test")}
    for exercise, cell in chapter.exercises.items():
        if exercise not in tested:
            raise complain(cell, "a solution without a test", f"add a cell with `:test: {exercise}`")


def _points(chapter, complain):
    for cell in (c for c in chapter.cells if c.kind in ("test", "manual")):
        points = cell.options.get("points")
        if not isinstance(points, int | float) or isinstance(points, bool) or points <= 0:
            raise complain(cell, "points missing or not a positive number", "add `:points: N`")


def _markers(chapter, complain):
    for cell in chapter.of_kind("solution"):
        if not _balanced(cell.source, BEGIN_SOLUTION, END_SOLUTION, needed=True):
            remedy = f"put the answer between `{BEGIN_SOLUTION}` and `{END_SOLUTION}`"
            raise complain(cell, "a solution cell without its markers", remedy)
    for cell in chapter.of_kind("test"):
        if not _balanced(cell.source, BEGIN_HIDDEN, END_HIDDEN, needed=False):
            remedy = f"close each `{BEGIN_HIDDEN}` with `{END_HIDDEN}`"
            raise complain(cell, "unbalanced markers of hidden tests", remedy)


def _balanced(source: str, begin: str, end: str, *, needed: bool) -> bool:
    marks = [line.strip() for line in source.splitlines() if line.strip() in (begin, end)]
    return marks == [begin, end] * (len(marks) // 2) and (bool(marks) or not needed)


def _wrong_options(chapter, complain):
    for cell in chapter.of_kind("wrong"):
        loses = cell.options.get("loses")
        if not isinstance(loses, int | float) or not 0 < loses <= chapter.points(cell.exercise):
            remedy = f"add `:loses: N` with 0 < N <= {chapter.points(cell.exercise):g}"
            raise complain(cell, "a known-wrong answer that does not say what it loses", remedy)
        if not re.search(r"\w", str(cell.options.get("hint", ""))):  # `grader propose` leaves "…?" to be filled in
            raise complain(cell, "a known-wrong answer without a hint", 'add `:hint: "…"`, a question that helps')


def _test_names(chapter, complain):
    known: set[str] = set()
    for cell in chapter.cells:
        if cell.cell_type != "code" or cell.kind in PRIVATE:
            continue
        if cell.kind == "test" and ANY not in known and (missing := used(cell.source) - known):
            problem = f"the test uses {', '.join(sorted(missing))}, which no cell above defines"
            raise complain(cell, problem, "define it in a plain or solution cell before the test")
        if cell.kind != "test" and not cell.options.get("demo"):
            known.update(defined(cell.source))
