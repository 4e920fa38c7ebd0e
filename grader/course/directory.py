"""A course opened once: its folders and its settings, read from its own nbgrader_config.py."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import ConfigFileNotFound, PyFileConfigLoader

from grader.course.deadlines import Deadlines, deadlines_of
from grader.course.limits import limits_of
from grader.errors import CourseError
from grader.records import Limits

CONFIG = "nbgrader_config.py"


@dataclass(frozen=True)
class Course:
    """An nbgrader course. `nbgrader` is its CourseDirectory, whose `config` holds all settings."""

    nbgrader: CourseDirectory

    @property
    def root(self) -> Path:
        return Path(self.nbgrader.root)

    @property
    def config(self) -> Config:
        return self.nbgrader.config

    @property
    def db_url(self) -> str:
        return self.nbgrader.db_url

    @property
    def ignore(self) -> list[str]:
        """Patterns of the names that nbgrader leaves out."""
        return self.nbgrader.ignore

    @property
    def chapters(self) -> Path:
        """Where the texts lie of a course that is written in them."""
        return self.root / "chapters"

    def folder(self, step: str, student: str, assignment: str) -> Path:
        """Where `step` (source, submitted, autograded, feedback) keeps a student's assignment."""
        place = getattr(self.nbgrader, f"{step}_directory")
        return Path(self.nbgrader.format_path(place, student, assignment))

    @cached_property
    def limits(self) -> Limits:
        """What a submission may use, by the course's own settings or nbgrader's."""
        return limits_of(self.config, chapters=self.chapters.is_dir(), file=self.root / CONFIG)

    @cached_property
    def deadlines(self) -> Deadlines:
        """When assignments are due, and for whom later."""
        return deadlines_of(self.config, self.root / CONFIG)

    def setting(self, name: str) -> Any:
        """`c.Grader.NAME` of the configuration, None where it is not set."""
        return self.config.Grader[name] if self._has(name) else None

    def text(self, name: str) -> str:
        """The same as text, "" where it is not set."""
        return str(self.setting(name) or "")

    def _has(self, name: str) -> bool:
        return "Grader" in self.config and name in self.config.Grader


def open_course(course_dir: Path) -> Course:
    """The course in the folder `course_dir`. Raises CourseError where there is none to be read."""
    root = Path(course_dir).resolve()
    if not root.is_dir():
        raise CourseError("there is no such course directory", file=root, remedy="give --course-dir")
    config = _read_config(root)
    config.CourseDirectory.root = str(root)
    return Course(CourseDirectory(config=config))


def _read_config(root: Path) -> Config:
    try:
        return PyFileConfigLoader(CONFIG, path=str(root)).load_config()
    except ConfigFileNotFound:
        return Config()
    except Exception as error:  # the file is a program: anything can come out of it
        problem = f"{type(error).__name__}: {error}"
        raise CourseError(problem, file=root / CONFIG, remedy="mend the configuration file") from error
