"""Where the author wants test cells to run: cell metadata `where`, or `c.Grader.inside = [grade_ids]`."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from nbformat import NotebookNode

from grader.course.directory import CONFIG, Course
from grader.errors import CourseError
from grader.notebook.cells import is_test
from grader.records import Place

CHOICES = {"inside": Place.INSIDE, "outside": Place.OUTSIDE}


def chosen_places(nb: NotebookNode, path: Path, course: Course) -> dict[str, Place]:
    """grade_id -> where that test cell shall run, of those that say so. Raises CourseError for another word.

    A pattern of `c.Grader.inside` is matched with the grade_id and with NOTEBOOK/grade_id.
    """
    return dict(_chosen(nb, path, inside_patterns(course)))


def inside_patterns(course: Course) -> list[str]:
    patterns = course.setting("inside") or []
    if isinstance(patterns, str) or not all(isinstance(pattern, str) for pattern in patterns):
        remedy = 'give a list of grade_ids or patterns, such as ["test_plot*"]'
        raise CourseError(f"c.Grader.inside is {patterns!r}", file=course.root / CONFIG, remedy=remedy)
    return list(patterns)


def _chosen(nb: NotebookNode, path: Path, patterns: list[str]) -> Iterator[tuple[str, Place]]:
    for cell in filter(is_test, nb.cells):
        grade_id = cell.metadata.nbgrader.grade_id
        where = cell.metadata.get("where")
        if where is not None and where not in CHOICES:
            remedy = "write inside or outside"
            raise CourseError(f"`where` is {where!r}", file=path, grade_id=grade_id, remedy=remedy)
        if where is not None:
            yield grade_id, CHOICES[where]
        elif any(fnmatchcase(n, p) for n in (grade_id, f"{path.stem}/{grade_id}") for p in patterns):
            yield grade_id, Place.INSIDE
