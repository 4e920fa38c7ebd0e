"""The folders and settings of an nbgrader course, read from its own nbgrader_config.py."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import ConfigFileNotFound, PyFileConfigLoader

from grader.errors import CourseError
from grader.records import Limits

CONFIG = "nbgrader_config.py"
ALLOWANCE = 1.25  # what a busy machine and the wire may add to the time that a course grants a cell


def open_course(course_dir: Path) -> CourseDirectory:
    """nbgrader's CourseDirectory for `course_dir`; its `.config` holds all other settings of the course."""
    root = Path(course_dir).resolve()
    if not root.is_dir():
        raise CourseError("there is no such course directory", file=root, remedy="give --course-dir")
    config = _read_config(root)
    config.CourseDirectory.root = str(root)
    return CourseDirectory(config=config)


def folder(course: CourseDirectory, step: str, student: str, assignment: str) -> Path:
    """Where `step` (source, submitted, autograded, feedback) keeps a student's assignment."""
    return Path(course.format_path(getattr(course, f"{step}_directory"), student, assignment))


def limits_of(course: CourseDirectory) -> Limits:
    """The limits, with the time for a cell from nbgrader's own setting where the course has one."""
    seconds = course.config.Execute.get("timeout") if "Execute" in course.config else None
    return replace(Limits(), cell_seconds=ALLOWANCE * seconds) if seconds else Limits()


def salt_of(course: CourseDirectory) -> str:
    """`c.Grader.salt` of the course's configuration, or its id."""
    chosen = course.config.Grader.get("salt") if "Grader" in course.config else None
    return str(chosen or course.course_id)


def _read_config(root: Path) -> Config:
    try:
        return PyFileConfigLoader(CONFIG, path=str(root)).load_config()
    except ConfigFileNotFound:
        return Config()
    except Exception as error:  # the file is a program: anything can come out of it
        problem = f"{type(error).__name__}: {error}"
        raise CourseError(problem, file=root / CONFIG, remedy="mend the configuration file") from error
