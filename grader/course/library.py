"""The module of all answers so far, that later chapters import from: who lends it, who asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from nbformat import NotebookNode

from grader.answer_key import AnswerKey
from grader.notebook.planner import make_plan

Library = tuple[tuple[str, tuple[str, ...]], ...]  # (reference source, names kept) of each earlier chapter


def library_of(
    chapters: Path, assignment: str, notebooks: Mapping[str, NotebookNode], name: str
) -> Library | None:
    """What the earlier chapters give to the module `name`, if a notebook asks for it; None without chapters."""
    if not chapters.is_dir():
        return None
    if not name or not any(name in cell.source for nb in notebooks.values() for cell in nb.cells):
        return ()
    earlier = [path for path in sorted(chapters.glob("*.md")) if path.stem < assignment]
    return tuple(_reference(path, path.read_bytes()) for path in earlier)


def lacks_library(key: AnswerKey) -> bool:
    """Whether a notebook imports answers of earlier chapters where nothing lends them."""
    name = key.library_name
    if not key.whole or not name or f"{name}.py" in key.files:
        return False
    cells = (cell for nb in key.notebooks.values() for cell in nb.cells if cell.cell_type == "code")
    return any(f"import {name}" in cell.source or f"from {name} " in cell.source for cell in cells)


@lru_cache(maxsize=32)  # `grader watch` asks at each hand-in, twice
def _reference(path: Path, _content: bytes) -> tuple[str, tuple[str, ...]]:
    from grader.course.build import source_notebook  # these two bring jupytext
    from grader.course.chapter import read_chapter

    plan = make_plan(source_notebook(read_chapter(path)))
    names = {name for test in plan.tests.values() for name in test.answers}
    return "\n".join(step for step in plan.reference if isinstance(step, str)), tuple(sorted(names))
