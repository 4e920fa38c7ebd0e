"""The file of a chapter's hints and marks that travels with the course, where the course has such files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from grader.course.chapter import Chapter
from grader.course.directory import Course
from grader.notebook.evidence import digest


def folder_of(course: Course) -> Path | None:
    """Where the files lie, `c.Grader.hints`; None where the course names no folder, or it is not there."""
    name = course.text("hints")
    return course.root / name if name and (course.root / name).is_dir() else None


def read_hints(course: Course, chapter: str) -> dict[str, Any]:
    """What the file of a chapter says, {"made_from": ..., "exercises": ...}; {} where there is none."""
    folder = folder_of(course)
    try:
        return json.loads((folder / f"{chapter}.json").read_text(encoding="utf-8")) if folder else {}
    except (OSError, ValueError):
        return {}


def made_from(chapter: Chapter) -> str:
    """What a file of hints is known by: the text it was made from."""
    return digest(chapter.path.read_text(encoding="utf-8"))
