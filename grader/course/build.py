"""Chapters -> source notebooks -> release, and the places of a course."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.course.chapter import PRIVATE, Chapter, ChapterCell, read_chapter
from grader.course.directory import Course, open_course
from grader.errors import CourseError
from grader.course.lint import proofread
from grader.course.myst import unchecked

ASSET = re.compile(r"\]\((assets/[\w./-]+)\)")
KERNELSPEC = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}


def chapters(course_dir: Path, assignment: str | None = None) -> list[Chapter]:
    """The chapters of a course, proofread, in order; one of them when `assignment` names it."""
    found = sorted((course_dir / "chapters").glob("[0-9][0-9]_*.md"))
    wanted = [path for path in found if assignment in (None, path.stem)]
    if not found:
        remedy = "where notebooks are written in source/, `nbgrader generate_assignment` makes the release"
        raise CourseError("no chapters", file=course_dir / "chapters", remedy=remedy)
    if not wanted:
        known = ", ".join(path.stem for path in found)
        raise CourseError(f"no chapter {assignment!r}", file=course_dir / "chapters", remedy=f"chapters here: {known}")
    read = [read_chapter(path) for path in wanted]
    for chapter in read:
        proofread(chapter)
    return read


def source_notebook(chapter: Chapter, course: Course | None = None) -> nbformat.NotebookNode:
    """The instructor's notebook of a chapter, with nbgrader's metadata; the same bytes each time.

    course: its settings `first_cell` and `last_cell` are the sources of two more code cells, at the top
    (folded) and at the end; `{name}` in them is the chapter's name.
    """
    with unchecked():
        return _source_notebook(chapter, course)


def _source_notebook(chapter: Chapter, course: Course | None) -> nbformat.NotebookNode:
    kept = [cell for cell in chapter.cells if cell.kind not in PRIVATE]
    cells = [_notebook_cell(cell, number) for number, cell in enumerate(kept)]
    metadata = {"kernelspec": KERNELSPEC, "language_info": {"name": "python"}}
    first, last = (course.text(name) if course else "" for name in ("first_cell", "last_cell"))
    if first:
        cells.insert(0, _shown(first, chapter, "set-up"))
        cells[0].metadata["jupyter"] = {"source_hidden": True}
    cells += [_shown(last, chapter, "before-handing-in")] if last else []
    return new_notebook(cells=cells, metadata=metadata)


def _shown(source: str, chapter: Chapter, name: str) -> nbformat.NotebookNode:
    """A cell that the course adds, which grading does not run."""
    return new_code_cell(source.replace("{name}", chapter.name), id=name, metadata={"tags": ["demo"]})


def _notebook_cell(cell: ChapterCell, number: int) -> nbformat.NotebookNode:
    new = new_code_cell if cell.cell_type == "code" else new_markdown_cell
    grading = _nbgrader(cell)
    metadata: dict = {"nbgrader": grading} if grading else {}
    if cell.options.get("demo"):
        metadata["tags"] = ["demo"]
    if cell.options.get("inplace"):
        metadata["inplace"] = True
    if cell.kind == "test" or cell.options.get("hide"):
        metadata["jupyter"] = {"source_hidden": True}  # folded: one click shows it
    return new(cell.source, id=grading.get("grade_id", f"cell-{number:02d}"), metadata=metadata)


def _nbgrader(cell: ChapterCell) -> dict:
    if cell.kind == "plain":
        return {}
    graded = cell.kind in ("test", "manual")
    metadata = {
        "grade": graded,
        "grade_id": f"test_{cell.exercise}" if cell.kind == "test" else cell.exercise,
        "locked": cell.kind == "test",
        "schema_version": 3,
        "solution": cell.kind in ("solution", "manual"),
        "task": False,
    }
    return metadata | ({"points": cell.options["points"]} if graded else {})


def build(course_dir: Path, assignment: str | None = None) -> list[Path]:
    """Write source/NAME/NAME.ipynb for the chapters, with the pictures they show."""
    course = open_course(course_dir)
    return [_build_one(course_dir, chapter, course) for chapter in chapters(course_dir, assignment)]


def _build_one(course_dir: Path, chapter: Chapter, course: Course) -> Path:
    folder = course_dir / "source" / chapter.name
    folder.mkdir(parents=True, exist_ok=True)
    for asset in sorted({a for c in chapter.cells for a in ASSET.findall(c.source)}):
        _copy_asset(course_dir.parent, folder, asset, chapter.path)
    path = folder / f"{chapter.name}.ipynb"
    notebook = source_notebook(chapter, course)
    nbformat.validate(notebook)
    nbformat.write(notebook, path)
    return path


def _copy_asset(root: Path, folder: Path, asset: str, chapter: Path) -> None:
    if not (root / asset).is_file():
        remedy = "draw it with `make figures` or mend the link"
        raise CourseError(f"the picture {asset} does not exist", file=chapter, remedy=remedy)
    (folder / asset).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(root / asset, folder / asset)
