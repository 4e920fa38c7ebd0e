"""The secret from which the seeds of hidden draws are made: one per course, kept from every student."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from grader.course.directory import Course
from grader.errors import CourseError

FILE = ".grader_salt"
BYTES = 32


def salt_of(course: Course, *, keep: bool = True) -> str:
    """`c.Grader.salt` of the configuration, or the course's secret of 256 bits, made when it is first needed.

    The secret stands in the file `.grader_salt` of the course, readable by its owner alone. With `keep` false
    none is written: where there is none yet, the salt holds for this process only.
    Raises CourseError when it cannot be read or kept.
    """
    if chosen := course.setting("salt"):
        return str(chosen)
    path = course.root / FILE
    try:
        with contextlib.suppress(FileNotFoundError):
            return _checked(path.read_text(encoding="ascii"))
        if not keep:
            return secrets.token_hex(BYTES)
        _make(path)
        return _checked(path.read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        remedy = "make the folder writable, or restore the file"
        raise CourseError(f"no secret for hidden draws: {error}", file=path, remedy=remedy) from error


def _checked(salt: str) -> str:
    if len(bytes.fromhex(salt.strip())) < BYTES:
        raise ValueError("it is too short")
    return salt.strip()


def _make(path: Path) -> None:
    """Whole or absent, and of two who make it at once the first wins."""
    descriptor, temporary = tempfile.mkstemp(prefix=".new-", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(BYTES) + "\n")
        os.link(temporary, path)
    except FileExistsError:
        pass
    except OSError:  # a file system without hard links
        os.replace(temporary, path)
    finally:
        Path(temporary).unlink(missing_ok=True)
