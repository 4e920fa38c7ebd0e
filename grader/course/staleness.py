"""Whether a source notebook is still what its chapter makes: an edit that was not built would grade nobody."""

from __future__ import annotations

from pathlib import Path
from shlex import quote

from nbformat import NotebookNode

from grader.course.directory import Course
from grader.errors import CourseError


def check_built(chapter: Path, notebook: NotebookNode, path: Path, course: Course) -> None:
    """Raise CourseError when `chapter` was edited since `notebook`, the file `path`, was built from it."""
    from grader.course.build import source_notebook  # brings jupytext, which most courses do not need
    from grader.course.chapter import read_chapter

    if _said(source_notebook(read_chapter(chapter), course)) != _said(notebook):
        remedy = f"run `grader build {quote(chapter.stem)}`"
        raise CourseError(f"not what {chapter.name} says now", file=path, remedy=remedy)


def _said(nb: NotebookNode) -> list:
    return [(cell.cell_type, cell.source, dict(cell.metadata.get("nbgrader", {}))) for cell in nb.cells]
