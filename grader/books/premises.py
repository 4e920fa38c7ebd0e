"""What must hold before a grading begins: nobody else grades the course, and all that it writes can be."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from grader.books.database import database_file
from grader.errors import GradebookError, explained

if TYPE_CHECKING:
    from grader.course.directory import Course

LOCK = ".grading"  # in runs/
PROBE_BYTES = 1 << 16
NO_LOCKS = {errno.ENOLCK, errno.ENOTSUP}


@contextmanager
def sole_grading(course: Course) -> Iterator[None]:
    """The course is ours alone to write to. Raises CourseError where it cannot be, GradebookError where
    another grading is at work."""
    folders = [course.root / "runs", Path(course.nbgrader.autograded_directory)]
    for folder in folders:
        _check(course.root / folder)
    _check_gradebook(course)
    path = course.root / "runs" / LOCK
    with open(path, "a+") as file:
        _lock(file)
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()} since {datetime.now():%Y-%m-%d %H:%M}")
        file.flush()
        yield
        file.truncate(0)


def _check(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(PROBE_BYTES))
    except OSError as error:
        raise explained(error, folder) from error


def _check_gradebook(course: Course) -> None:
    path = database_file(course.db_url)
    if path is None:
        return
    _check(path.parent)
    try:
        if path.exists():
            os.close(os.open(path, os.O_RDWR))
    except OSError as error:
        raise explained(error, path) from error


def _lock(file: TextIO) -> None:
    """A lock of this process alone: those that it forks do not hold it. It ends with the process."""
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in NO_LOCKS:  # a network file system without them
            return
        file.seek(0)
        who = file.read(200) or "it has just begun"
        raise GradebookError(
            f"another grading of this course is at work ({who}) -- wait until it ends, or end it"
        ) from error
