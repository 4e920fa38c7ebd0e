"""What lies in submitted/: which students handed in, and one submission as a record."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path

from nbgrader.utils import parse_utc

from grader.course.directory import Course
from grader.intake.archives import open_zip
from grader.plainfiles import read_plain, shown, walk
from grader.records import Submission
from grader.repair.file_text import MAX_BYTES

MAX_FILES = 5_000
MAX_TOTAL = 128 << 20  # bytes of a submission
MAX_NOTES = 20
TIMESTAMP = "timestamp.txt"


def list_submissions(course: Course, assignment: str, student_glob: str = "*") -> list[str]:
    """The students who handed in `assignment`, sorted; `student_glob` is a glob or a very name."""
    marker = "\0"
    path = str(course.folder("submitted", marker, assignment))
    before, after = path.split(marker)
    names = os.listdir(before) if os.path.isdir(before) else ()
    found = (name for name in names if os.path.isdir(f"{before}{name}{after}"))
    return sorted(name for name in found if name == student_glob or fnmatchcase(name, student_glob))


def read_submission(course: Course, assignment: str, student: str) -> Submission:
    """One student's files, bounded; its notes say what was left out or could not be read."""
    files, notes = read_folder(course.folder("submitted", student, assignment), course)
    submitted_at, note = _time(files.get(TIMESTAMP))
    return Submission(student, assignment, submitted_at, files, tuple(notes + note))


def read_folder(root: Path, course: Course) -> tuple[dict[str, bytes], list[str]]:
    """The plain files below `root` by relative path, notebooks first, and a note for each one left out."""
    files: dict[str, bytes] = {}
    notes: list[str] = []
    if root.is_symlink():
        return {}, ["The folder of the submission is a link; it was not followed."]
    entries = sorted(walk(root, notes, course.ignore), key=_by_weight)
    left = MAX_TOTAL
    for relative, path in entries[:MAX_FILES]:
        data, problem = read_plain(path, min(left, MAX_BYTES))
        if data is None:
            notes.append(f"{shown(relative)} was left out: {problem}.")
        else:
            files[relative] = data
            left -= len(data)
    others = sorted(path for path in files if path != TIMESTAMP)[:5]
    if others and not any(path.endswith(".ipynb") for path in files):
        notes.append(f"There is no notebook in the submission, only {', '.join(map(shown, others))}.")
        notes += (note for path in others for note in _packed(path, files[path]))
    if len(entries) > MAX_FILES:
        notes.append(f"Only {MAX_FILES} of {len(entries)} files were read, the notebooks first.")
    return files, _few(notes)


def _packed(path: str, data: bytes) -> Iterator[str]:
    """Why the notebooks in an archive were not taken out of it."""
    if path.lower().endswith(".zip"):
        with open_zip(io.BytesIO(data)) as contents:
            for name, why in contents.refused:
                if name.endswith(".ipynb"):
                    yield f"{name} in {shown(path)} was left out: {why}."


def _few(notes: list[str]) -> list[str]:
    """The first notes, and how many more there are: a thousand links are told of in a line."""
    more = len(notes) - MAX_NOTES
    return [*notes[:MAX_NOTES], f"{more} more notes of this kind."] if more > 1 else notes


def _by_weight(entry: tuple[str, Path]) -> tuple[int, bool, str]:
    relative = entry[0]
    return relative.count("/") if relative.endswith(".ipynb") else 99, relative != TIMESTAMP, relative


def _time(data: bytes | None) -> tuple[datetime | None, list[str]]:
    """When it was submitted, in UTC without a zone, as nbgrader reads its timestamp.txt."""
    try:
        text = (data or b"")[:100].decode("utf-8").strip()
        return parse_utc(text) if text else None, []
    except (ValueError, OverflowError, TypeError, AttributeError):
        return None, [
            "The time of submission could not be read; one known from before stands, else it is not late."
        ]
