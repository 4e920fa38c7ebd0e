"""What a student has at the end of a chapter: `mynet` of those before it, and the names of its notebook."""

from __future__ import annotations

import ast
from pathlib import Path
from types import ModuleType

from grader.course.build import build, chapters
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.engine.judge.lending import make_library

COURSE = Path(__file__).resolve().parents[1] / "course"
DEFINING = ast.Import | ast.ImportFrom | ast.FunctionDef


def library_before(chapter: str) -> ModuleType:
    """The module with the reference answers of all chapters before this one; `import mynet` finds it, too."""
    build(COURSE)
    key = load_key(open_course(COURSE), chapter)
    assert key.library, f"chapter {chapter} builds on no other"
    return make_library(key.library_name, key.library)


def names_of(chapter: str) -> dict:
    """The functions of its notebook, reference answers included, and those of `mynet`; nothing else runs."""
    names: dict = {"SEED": 0} | {n: f for n, f in vars(library_before(chapter)).items() if callable(f)}
    for cell in chapters(COURSE, chapter)[0].cells:
        if cell.cell_type == "code" and cell.kind in ("plain", "solution"):
            body = [part for part in ast.parse(cell.source).body if isinstance(part, DEFINING)]
            exec(compile(ast.Module([*body], []), chapter, "exec"), names)
    return names
