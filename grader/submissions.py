"""What lies in submitted/: which students handed in, and one submission as a record.

Nothing in a submission's folder is trusted: links are not followed, only plain files are read, and sizes
and numbers are bounded. What was left out is said in the notes.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import datetime
from fnmatch import fnmatch, fnmatchcase
from itertools import islice
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import parse_utc

from .coursedir import folder, open_course
from .reading import MAX_BYTES
from .records import Submission

MAX_FILES = 5_000
MAX_ENTRIES = 50_000  # looked at
MAX_DEPTH = 20
MAX_TOTAL = 128 << 20  # bytes of a submission
IGNORED = (".git", ".DS_Store", "__MACOSX")  # beside what nbgrader ignores
TIMESTAMP = "timestamp.txt"


def list_submissions(course_dir: Path, assignment: str, student_glob: str = "*") -> list[str]:
    """The students who handed in `assignment`, sorted; `student_glob` is a glob or a very name."""
    course = open_course(course_dir)
    marker = "\0"
    before, after = str(folder(course, "submitted", marker, assignment)).split(marker)
    root = before if before.endswith(os.sep) else os.path.dirname(before)
    names = os.listdir(root) if os.path.isdir(root) else ()
    found = (name for name in names if os.path.isdir(f"{root}/{name}{after}"))
    return sorted(name for name in found if name == student_glob or fnmatchcase(name, student_glob))


def read_submission(course_dir: Path, assignment: str, student: str) -> Submission:
    """One student's files, bounded; `notes` has a line for whatever was left out or could not be read."""
    course = open_course(course_dir)
    files, notes = read_files(folder(course, "submitted", student, assignment), course)
    submitted_at, note = _time(files.get(TIMESTAMP))
    return Submission(student, assignment, submitted_at, files, tuple(notes + note))


def read_files(root: Path, course: CourseDirectory) -> tuple[dict[str, bytes], list[str]]:
    """The plain files below `root` by relative path, notebooks first, and a note for each one left out."""
    files: dict[str, bytes] = {}
    notes: list[str] = []
    left = MAX_TOTAL
    if root.is_symlink():
        return {}, ["The folder of the submission is a link; it was not followed."]
    entries = sorted(_walk(root, notes, course.ignore), key=_by_weight)
    for relative, path in entries[:MAX_FILES]:
        data, problem = _read(path, min(left, MAX_BYTES))
        if data is None:
            notes.append(f"The file {_shown(relative)} was left out: {problem}.")
        else:
            files[relative] = data
            left -= len(data)
    if len(entries) > MAX_FILES:
        notes.append(f"Only {MAX_FILES} of the files were read, the notebooks first.")
    return files, notes


def _by_weight(entry: tuple[str, str]) -> tuple[int, bool, str]:
    relative = entry[0]
    return relative.count("/") if relative.endswith(".ipynb") else 99, relative != TIMESTAMP, relative


def _walk(root: Path, notes: list[str], ignored: list[str]) -> Iterator[tuple[str, str]]:
    """(relative path, path) of everything below `root` that is neither a folder, ignored nor a link."""
    folders, seen = [""], 0
    while folders:
        inside = folders.pop()
        for entry in _entries(root / inside):
            relative, seen = f"{inside}{entry.name}", seen + 1
            if seen > MAX_ENTRIES:
                notes.append(f"Only the first {MAX_ENTRIES} entries of the folder were looked at.")
                return
            if any(fnmatch(entry.name, pattern) for pattern in (*ignored, *IGNORED)):
                continue
            problem = _problem(entry, relative)
            if problem:
                notes.append(f"{_shown(relative)} was left out: {problem}.")
            elif entry.is_dir(follow_symlinks=False):
                folders.append(relative + "/")
            else:
                yield relative, entry.path


def _entries(path: Path) -> list[os.DirEntry]:
    try:
        with os.scandir(path) as entries:
            return sorted(islice(entries, MAX_ENTRIES + 1), key=lambda entry: entry.name)
    except OSError:
        return []


def _problem(entry: os.DirEntry, relative: str) -> str:
    if entry.is_symlink():
        return "it is a link"
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in entry.name):
        return "its name holds control characters"
    return "it lies too deep" if relative.count("/") > MAX_DEPTH else ""


def _read(path: str, limit: int) -> tuple[bytes | None, str]:
    """The bytes of a plain file of at most `limit` bytes; or None and why not. Never waits."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        return None, error.strerror
    with open(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return None, "it is not a plain file"
        data = file.read(limit + 1)
    return (data, "") if len(data) <= limit else (None, "it is too large")


def _shown(name: str) -> str:
    """A name as it may stand in a message: one line, no control characters, not too long."""
    shown = ascii(name)[1:-1] if not name.isprintable() else name
    return shown if len(shown) <= 80 else f"{shown[:77]}..."


def _time(data: bytes | None) -> tuple[datetime | None, list[str]]:
    """When it was submitted, in UTC without a zone, as nbgrader reads its timestamp.txt."""
    if data is None:
        return None, []
    try:
        text = data[:100].decode("utf-8").strip()
        return parse_utc(text) if text else None, []
    except (ValueError, OverflowError, TypeError, AttributeError):
        return None, ["The time of submission could not be read; it counts as unknown, not as late."]
