"""The folders and settings of an nbgrader course, read from its own nbgrader_config.py."""

from __future__ import annotations

from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import ConfigFileNotFound, PyFileConfigLoader

from .errors import CourseError

CONFIG = "nbgrader_config.py"


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


def _read_config(root: Path) -> Config:
    try:
        return PyFileConfigLoader(CONFIG, path=str(root)).load_config()
    except ConfigFileNotFound:
        return Config()
    except Exception as error:  # the file is a program: anything can come out of it
        problem = f"{type(error).__name__}: {error}"
        raise CourseError(problem, file=root / CONFIG, remedy="mend the configuration file") from error
