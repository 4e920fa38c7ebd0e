"""What a course gives its students' code: another Python, a folder of shared data, modules loaded beforehand."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from nbformat import NotebookNode

from grader.course.directory import CONFIG, Course
from grader.errors import CourseError
from grader.answer_key import Surroundings

IMPORT = re.compile(r"^\s*(?:from\s+([\w.]+)\s+import\b|import\s+([\w. ,]+))", re.MULTILINE)
THREADED = {"tensorflow", "keras", "jax", "ray", "pyspark", "dask"}  # their threads would not survive a fork
NEEDS = "import sys, numpy, IPython, matplotlib, matplotlib_inline; assert sys.version_info >= (3, 11)"
MAX_MODULES, MAX_NAME, SECONDS = 50, 60, 60.0


def surroundings_of(
    course: Course, notebooks: Iterable[NotebookNode], files: Collection[str]
) -> Surroundings:
    """As `c.Grader.python`, `data` and `preload` say; without the last, what the notebooks import.

    files: what lies beside the notebooks: a module among them is never one of the machine's.
    Raises CourseError for a setting that cannot be had.
    """
    chosen = course.setting("preload")
    modules = list(imported(notebooks)) if chosen is None else [str(name) for name in chosen]
    beside = {Path(name).parts[0].removesuffix(".py") for name in files}
    usable = [name for name in dict.fromkeys(modules) if name.split(".")[0] not in beside | THREADED]
    usable = [name for name in usable if len(name) <= MAX_NAME][:MAX_MODULES]
    return Surroundings(_python(course), _data(course), tuple(usable))


def imported(notebooks: Iterable[NotebookNode]) -> Iterator[str]:
    """The modules that the code cells of these notebooks name in their imports."""
    for nb in notebooks:
        for cell in nb.cells:
            for source, names in IMPORT.findall(cell.source) if cell.cell_type == "code" else ():
                yield from (
                    [source] if source else (name.split()[0] for name in names.split(",") if name.split())
                )


def _data(course: Course) -> str:
    setting = course.setting("data")
    if setting is None:
        return ""
    path = (course.root / str(setting)).resolve()
    if not path.is_dir():
        raise _wrong(course, "data", setting, "give a folder, by its path from the course directory")
    return str(path)


def _python(course: Course) -> str:
    setting = course.setting("python")
    if setting is None:
        return ""
    path = (course.root / str(setting)).absolute()
    try:
        done = subprocess.run(
            [str(path), "-c", NEEDS], capture_output=True, timeout=SECONDS, cwd="/", check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        done = None
    if done is None or done.returncode:
        remedy = "give a Python from 3.11 on that has ipython, numpy, matplotlib and matplotlib-inline"
        raise _wrong(course, "python", setting, remedy)
    return str(path)


def _wrong(course: Course, name: str, value: object, remedy: str) -> CourseError:
    return CourseError(f"c.Grader.{name} is {value!r}", file=course.root / CONFIG, remedy=remedy)
