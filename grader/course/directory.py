"""A course opened once: its folders and its settings, read from its own nbgrader_config.py."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import ConfigFileNotFound, PyFileConfigLoader

from grader.errors import CourseError
from grader.records import Limits

CONFIG = "nbgrader_config.py"
ALLOWANCE = 1.25  # what a busy machine and the wire may add to the time that a course grants a cell
EXECUTORS = ("Execute", "ExecutePreprocessor", "NotebookClient")  # the names that `timeout` has had


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
        """What a submission may use: `c.Grader.memory_mb` and so on, named as in `Limits`.

        The time of a cell is `c.Grader.cell_seconds`, or follows from nbgrader's own `timeout`.
        """
        seconds = next(filter(None, map(self._timeout, EXECUTORS)), None)
        limits = replace(Limits(), cell_seconds=ALLOWANCE * seconds) if seconds else Limits()
        return replace(limits, **{f.name: self._limit(f.name) for f in fields(Limits) if self._has(f.name)})

    def setting(self, name: str):
        """`c.Grader.NAME` of the configuration, None where it is not set."""
        return self.config.Grader[name] if self._has(name) else None

    def _has(self, name: str) -> bool:
        return "Grader" in self.config and name in self.config.Grader

    def _timeout(self, executor: str) -> float | None:
        return self.config[executor].get("timeout") if executor in self.config else None

    def _limit(self, name: str) -> float:
        value = self.setting(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            problem, remedy = f"c.Grader.{name} is {value!r}", "give a number above 0"
            raise CourseError(problem, file=self.root / CONFIG, remedy=remedy)
        return type(getattr(Limits(), name))(value)


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
