"""A look at a notebook before it is handed in: which chapter it is of, and what is missing. Runs nothing."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import nbformat

from grader.bounds import BoundExceeded
from grader.errors import CourseError
from grader.repair.file_text import MAX_BYTES
from grader.repair.identify import SHARE, likeness_to
from grader.repair.repair import check_only

LIMITS = 20.0, 1500  # CPU seconds and MB to look over a notebook
TO_COME = "{} is not here yet: it is handed in together with the notebook."
EMPTY = re.compile(r"The answer ([\w-]+) is still empty\.")


def find_course(start: Path) -> Path:
    """The course directory that a learner's notebook belongs to, going up from `start`."""
    for folder in (start, *start.parents, Path(__file__).resolve().parents[2]):
        if (folder / "course" / "chapters").is_dir():
            return folder / "course"
    raise CourseError("no course here", file=start, remedy="give --course-dir")


def find_name(course_dir: Path, notebook: Path) -> str:
    """The chapter that a learner's notebook is of: by its file name, or else by what it holds."""
    known = [path.stem for path in sorted(course_dir.glob("release/*/*.ipynb"))]
    stem = notebook.name.split(".")[0]
    return stem if stem in known else _by_content(course_dir, known, notebook)


def _by_content(course_dir: Path, known: list[str], notebook: Path) -> str:
    data = read(notebook)
    likeness = {name: likeness_to(data, released(course_dir, name)) for name in known}
    best = max(known, key=likeness.__getitem__, default="")
    if likeness.get(best, 0.0) < SHARE:
        remedy = f"chapters here: {', '.join(known) or 'none'}"
        raise CourseError("a notebook of no chapter", file=notebook, remedy=remedy)
    return best


def released(course_dir: Path, name: str) -> nbformat.NotebookNode:
    """The notebook as students get it."""
    return nbformat.read(course_dir / "release" / name / f"{name}.ipynb", as_version=4)


def read(notebook: Path) -> bytes:
    """The bytes of a notebook; CourseError for what is no ordinary file or is too large."""
    if not notebook.is_file() or notebook.stat().st_size > MAX_BYTES:
        raise CourseError("not a notebook that can be read", file=notebook, remedy="give a saved .ipynb")
    return notebook.read_bytes()


@dataclass(frozen=True)
class Preflight:
    """What would be repaired or is missing, in lines; the names of all files that are handed in."""

    lines: tuple[str, ...]
    files: tuple[str, ...]


def look_over(course_dir: Path, notebook: Path) -> Preflight:
    """What would be said of the notebook if it were handed in now."""
    name = find_name(course_dir, notebook)
    look = partial(check_only, read(notebook), released(course_dir, name), name)
    lines = _within_limits(look, notebook) if hasattr(os, "fork") else look()
    files = _beside(course_dir / "chapters" / name)
    missing = [TO_COME.format(file) for file in files if not (notebook.parent / file).is_file()]
    return Preflight((*in_groups(lines), *missing), (notebook.name, *files))


def _within_limits(look: Callable[[], list[str]], notebook: Path) -> list[str]:
    from grader.apart import apart  # which not every system has the means for

    try:
        return apart(look, *LIMITS)
    except BoundExceeded as limit:
        remedy = "clear its outputs and save it"
        raise CourseError(f"to read it takes {limit}", file=notebook, remedy=remedy) from None


def in_groups(lines: list[str]) -> list[str]:
    """The same things, said once: empty answers in one line, a line that comes again with its number."""
    empty = [found[1] for line in lines if (found := EMPTY.match(line))]
    others = Counter(line for line in lines if not EMPTY.match(line))
    groups = [line if times == 1 else f"{line} ({times} times)" for line, times in others.items()]
    few = [line for line in lines if EMPTY.match(line)]
    return groups + (few if len(few) < 2 else [f"Still empty are the answers {', '.join(empty)}."])


def _beside(reference: Path) -> list[str]:
    """The files that the reference hands in beside its notebook."""
    files = sorted(path.relative_to(reference) for path in reference.rglob("*") if path.is_file())
    return [file.as_posix() for file in files if not file.name.startswith(".")]
