"""The repository as students may have it: releases, helper package and engine, and no line of a solution."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from grader.course.chapter import BEGIN_HIDDEN, BEGIN_SOLUTION, PRIVATE, ChapterCell, read_chapter
from grader.errors import CourseError

MARKER = ".published"  # says that a folder is ours to write anew
ROOT_FILES = ("README.md", "LICENSE", "Makefile", "pyproject.toml", "requirements.txt")
PACKAGES = ("cs231nlib", "grader", "assets", "docs")
COURSE = ("release", "nbgrader_config.py")
LEFT_OUT = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "*.egg-info")
SHORT = 12  # characters: lines up to here say nothing of whose they are


def publish(course_dir: Path, target: Path) -> list[Path]:
    """Write what students may have to `target`; the released notebooks.

    A `target` that is neither empty nor made by an earlier call is left alone. Raises CourseError for that, for
    a course without a release, and for a release that holds a line of a solution or of a hidden test.
    """
    released = sorted((course_dir / "release").rglob("*.ipynb"))
    if not released:
        raise CourseError("nothing is released", file=course_dir / "release", remedy="run `grader release`")
    for path in released:
        _refuse_leaks(path, course_dir / "chapters" / f"{path.stem}.md")
    _clear(target)
    for name in (*ROOT_FILES, *PACKAGES):
        _copy(course_dir.parent / name, target / name)
    for name in COURSE:
        _copy(course_dir / name, target / "course" / name)
    (target / MARKER).write_text("Written by `grader publish`, which replaces everything here but .git.\n")
    return released


def _clear(target: Path) -> None:
    there = [path for path in target.iterdir() if path.name != ".git"] if target.is_dir() else []
    if there and not (target / MARKER).is_file():
        remedy = "give an empty folder, or one that `grader publish` made"
        raise CourseError("something else is in it", file=target, remedy=remedy)
    for path in there:
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    target.mkdir(parents=True, exist_ok=True)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=LEFT_OUT)
    elif source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def _refuse_leaks(notebook: Path, chapter: Path) -> None:
    if not chapter.is_file():
        return
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    shown = {line.strip() for cell in cells for line in "".join(cell["source"]).splitlines()}
    for line in sorted(_private_lines(chapter) & shown):
        raise CourseError(f"a line of a solution: {line}", file=notebook, remedy="run `grader release`")


def _private_lines(chapter: Path) -> set[str]:
    """Lines that stand in the private parts of a chapter and nowhere else in it."""
    lines = [one for cell in read_chapter(chapter).cells for one in _lines(cell)]
    public = {line for line, private in lines if not private}
    return {line for line, private in lines if private and len(line) > SHORT} - public


def _lines(cell: ChapterCell) -> Iterator[tuple[str, bool]]:
    """(line, whether it is private) of a cell."""
    inside = False
    for line in map(str.strip, cell.source.splitlines()):
        inside = inside or line in (BEGIN_SOLUTION, BEGIN_HIDDEN)
        yield line, inside or cell.kind in PRIVATE
        inside = inside and not line.startswith("### END")
