"""The instructor's notebooks as they are read: of any format, each mark complete."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.nbgraderformat import MetadataValidator

from grader.errors import CourseError


def other_language(nb: NotebookNode) -> str:
    """The language of a notebook's kernel, empty for Python (and where the notebook does not say)."""
    kernel, info = nb.metadata.get("kernelspec", {}), nb.metadata.get("language_info", {})
    language = kernel.get("language") or info.get("name") or "python"
    python = any("python" in str(word).lower() for word in (language, kernel.get("name", "")))
    return "" if python else str(language)


def read_source(path: Path) -> NotebookNode:
    try:
        nb = nbformat.from_dict(json.loads(path.read_text(encoding="utf-8")))
        nb = nbformat.convert(nb, 4) if nb.nbformat != 4 else nb
        nb = MetadataValidator().upgrade_notebook_metadata(nb)
    except (OSError, ValueError, AttributeError) as error:
        remedy = "open it in JupyterLab and save it again"
        raise CourseError(f"not a readable notebook: {error}", file=path, remedy=remedy) from error
    for cell in nb.cells:
        cell.source = "".join(cell.source)
        if not _is_marked(cell):
            cell.metadata.pop("nbgrader", None)  # left behind by an old nbgrader
    _check_ids(nb, path)
    return nb


def _is_marked(cell: NotebookNode) -> bool:
    grading = cell.metadata.get("nbgrader", {})
    return any(grading.get(mark) for mark in ("grade_id", "grade", "solution", "locked", "task"))


def _check_ids(nb: NotebookNode, path: Path) -> None:
    marked = [cell.metadata.nbgrader for cell in nb.cells if "nbgrader" in cell.metadata]
    counted = Counter(grading.get("grade_id", "") for grading in marked)
    if "" in counted:
        remedy = "give each marked cell an id (Create Assignment)"
        raise CourseError("a marked cell has no id", file=path, remedy=remedy)
    for grade_id, count in counted.items():
        if count > 1:
            remedy = "give each cell an id of its own"
            raise CourseError(f"this id stands {count} times", file=path, grade_id=grade_id, remedy=remedy)
    for grading in marked:
        if (grading.get("grade") or grading.get("task")) and "points" not in grading:
            remedy = "set its points (Create Assignment)"
            raise CourseError("no points", file=path, grade_id=grading.get("grade_id", ""), remedy=remedy)
