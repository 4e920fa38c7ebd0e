"""What a student's `mynet` holds who has finished all chapters before one of them."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from grader.course.build import build
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.engine.judge.lending import make_library

COURSE = Path(__file__).resolve().parents[1] / "course"


def library_before(chapter: str) -> ModuleType:
    """The module with the reference answers of all chapters before this one; `import mynet` finds it, too."""
    build(COURSE)
    key = load_key(open_course(COURSE), chapter)
    assert key.library, f"chapter {chapter} builds on no other"
    return make_library(key.library_name, key.library)
