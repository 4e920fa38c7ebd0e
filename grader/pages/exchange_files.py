"""What `nbgrader release_feedback` wants beside the pages: the time of handing in, the exchange's secret."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Mapping
from pathlib import Path

from grader.atomic import write_atomic
from grader.course.directory import Course
from grader.intake.submissions import TIMESTAMP, list_submissions
from grader.plainfiles import read_plain

SECRET = "submission_secret.txt"
MOST = 1000  # bytes of either


def keep_for_exchange(course: Course, assignment: str, places: Mapping[str, Path]) -> None:
    """Put both files into each student's place of pages, where they are not yet.

    In a class that hands in through the exchange, who did so some other way gets a secret that nobody knows,
    for with a known one others could fetch it. In any other class nobody needs one.
    """
    sent = {name: _sent(course, assignment, name, SECRET) for name in list_submissions(course, assignment)}
    for name, place in places.items():
        _put(place / TIMESTAMP, _sent(course, assignment, name, TIMESTAMP))
        if any(sent.values()):
            there, _ = read_plain(place / SECRET, MOST)
            _put(place / SECRET, sent.get(name) or there or secrets.token_hex(64).encode())


def _sent(course: Course, assignment: str, student: str, name: str) -> bytes:
    content, _ = read_plain(course.folder("submitted", student, assignment) / name, MOST)
    return content or b""


def _put(path: Path, content: bytes) -> None:
    if content != read_plain(path, MOST)[0]:
        with contextlib.suppress(OSError):
            write_atomic(path, content)
