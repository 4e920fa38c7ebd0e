"""The answer key of an assignment: what the judge needs of it, and nothing about students."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path
from shlex import quote

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearOutput, ClearSolutions, ComputeChecksums, LockCells

from grader.answer_key import AnswerKey, Mistake
from grader.course.directory import Course
from grader.course.library import library_of
from grader.course.places import chosen_places
from grader.course.source_notebooks import other_language, read_source
from grader.course.source_text import with_autotests, with_usual_marks
from grader.course.staleness import check_built
from grader.course.surroundings import surroundings_of
from grader.errors import CourseError, meant

SETTINGS = ("nbgrader", "inplace")  # of a cell's metadata; where tests run is known by `places`


def load_key(course: Course, assignment: str) -> AnswerKey:
    """The key of `assignment` in any nbgrader course; needs no generate_assignment before.

    Raises CourseError, with file and grade_id, for material that cannot be graded.
    """
    source = course.folder("source", ".", assignment)
    paths, written, foreign = _written(course, source, assignment)
    notebooks = {name: with_usual_marks(nb, course.config) for name, nb in written.items()}
    places = {name: chosen_places(nb, paths[name], course) for name, nb in notebooks.items()}
    files = dict(_other_files(source, course.ignore))
    texts = course.chapters
    mistakes = _mistakes(texts / f"{assignment}.md")
    unsolved = {name: _unsolved(nb, course) for name, nb in written.items()}
    released = dict(_released(course.folder("release", ".", assignment), unsolved))
    name = course.text("library")
    library = library_of(texts, assignment, notebooks, name)
    handed_in = dict(_other_files(texts / assignment, course.ignore))
    surroundings = surroundings_of(course, written.values(), files)
    more = [name, library, surroundings.python, surroundings.data, places]
    digest = digest_of(notebooks, files | handed_in, mistakes, more)
    known = (digest, mistakes, unsolved, library, name, handed_in, released, surroundings)
    return AnswerKey(assignment, notebooks, files, *known, not texts.is_dir(), places, foreign)


def _written(
    course: Course, source: Path, assignment: str
) -> tuple[dict[str, Path], dict[str, NotebookNode], dict[str, str]]:
    """The files of an assignment, its notebooks, and the languages of those that are left out."""
    paths = {path.stem: path for path in sorted(source.glob("*.ipynb"))}
    written = {name: read_source(path) for name, path in paths.items()}
    if not written:
        raise CourseError("no notebook of this assignment", file=source, remedy=_other_names(source, course))
    foreign = {name: language for name, nb in written.items() if (language := other_language(nb))}
    written = {name: nb for name, nb in written.items() if name not in foreign}
    if not written:
        name, language = next(iter(foreign.items()))
        remedy = "grade it with nbgrader's own `nbgrader autograde`; this grader runs Python"
        raise CourseError(f"this notebook wants {language}", file=paths[name], remedy=remedy)
    written = {n: with_autotests(nb, course.config, source, course.root) for n, nb in written.items()}
    if (chapter := course.chapters / f"{assignment}.md").is_file() and assignment in written:
        check_built(chapter, written[assignment], paths[assignment], course)
    return paths, written, foreign


def _other_names(source: Path, course: Course) -> str:
    """What to do when nobody knows an assignment: the name that was meant, or what there is."""
    there = sorted(path.parent.name for path in source.parent.glob("*/*.ipynb"))
    there = sorted({*there, *(path.stem for path in course.chapters.glob("[0-9]*.md"))})
    if source.name in there:
        return f"run `grader build {quote(source.name)}`"
    return meant(source.name, there, f"there is: {', '.join(there) or 'nothing in source/'}")


def _released(folder: Path, unsolved: Mapping) -> Iterator[tuple[str, NotebookNode]]:
    """The notebooks as students got them, where the release lies there; otherwise as they would get them."""
    for name, nb in unsolved.items():
        path = folder / f"{name}.ipynb"
        yield name, read_source(path) if path.is_file() else nb


def _other_files(source: Path, ignored: list[str]) -> Iterator[tuple[str, bytes]]:
    """What lies beside the notebooks, by relative path, without what nbgrader ignores."""
    for path in sorted(source.rglob("*")):
        relative = path.relative_to(source)
        skipped = any(fnmatch(part, pattern) for part in relative.parts for pattern in ignored)
        if path.is_file() and path.suffix != ".ipynb" and not skipped:
            yield relative.as_posix(), path.read_bytes()


def _mistakes(chapter_path: Path) -> dict[str, tuple[Mistake, ...]]:
    """grade_id of a test cell -> its exercise's known-wrong answers; empty without a chapter."""
    if not chapter_path.is_file():
        return {}
    from grader.course.chapter import read_chapter  # brings jupytext: not for a course without chapters

    chapter = read_chapter(chapter_path)
    return {f"test_{exercise}": chapter.mistakes(exercise) for exercise in chapter.exercises}


def _unsolved(nb: NotebookNode, course: Course) -> NotebookNode:
    """What nbgrader's generate_assignment stores of `nb`: solutions cleared, checksums, tests whole."""
    nb = copy.deepcopy(nb)
    try:
        for step in (LockCells, ClearSolutions, ClearOutput, ComputeChecksums):
            nb, _ = step(config=course.config).preprocess(nb, {})
    except RuntimeError as error:
        raise CourseError(
            str(error), file=course.root, remedy="mend the marks around the solutions"
        ) from error
    return nb


def digest_of(notebooks: Mapping, files: Mapping[str, bytes], mistakes: Mapping, more: list) -> str:
    """A digest of all that decides grades: cells with their settings, files, known-wrong answers, and more."""
    cells = {
        name: [(cell.cell_type, cell.source, *map(cell.metadata.get, SETTINGS)) for cell in nb.cells]
        for name, nb in notebooks.items()
    }
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    wrong = {grade_id: [m.source + m.hint for m in known] for grade_id, known in mistakes.items()}
    text = json.dumps([cells, hashes, wrong, more], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
