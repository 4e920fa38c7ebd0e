"""Reading folders that somebody else filled: plain files only, no links, no waiting, all bounded."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from itertools import islice
from pathlib import Path

MAX_ENTRIES = 100_000  # looked at below one folder
MAX_DEPTH = 20
IGNORED = (".git", ".DS_Store", "__MACOSX", "Thumbs.db", ".ipynb_checkpoints", "__pycache__", "*.pyc")


def walk(root: Path, notes: list[str], ignored: Iterable[str] = ()) -> Iterator[tuple[str, Path]]:
    """(relative path, path) of what lies below `root`; a line in `notes` for each link or odd name."""
    folders, seen = [""], 0
    while folders:
        inside = folders.pop(0)
        for entry in _entries(root / inside, notes):
            relative, seen = f"{inside}{entry.name}", seen + 1
            if seen > MAX_ENTRIES:
                notes.append(f"Only the first {MAX_ENTRIES} entries of the folder were looked at.")
                return
            if is_ignored(entry.name, ignored):
                continue
            problem = "it is a link" if entry.is_symlink() else name_problem(relative)
            if problem:
                notes.append(f"{shown(relative)} was left out: {problem}.")
            elif entry.is_dir(follow_symlinks=False):
                if entry.name.endswith(".ipynb"):
                    notes.append(f"{shown(relative)} is a folder, not a notebook.")
                folders.append(relative + "/")
            else:
                yield relative, Path(entry.path)


def read_plain(path: Path, limit: int) -> tuple[bytes | None, str]:
    """The bytes of a plain file of at most `limit` bytes; or None and why not. Never waits for a pipe."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(handle, "rb") as file:
            info = os.fstat(handle)
            if not stat.S_ISREG(info.st_mode):
                return None, "it is not a plain file"
            if info.st_size > limit:
                return None, f"it is larger than {limit >> 20} MB"
            return file.read(limit), ""
    except OSError as error:
        return None, error.strerror or "it cannot be read"


def name_problem(path: str) -> str:
    """Why a relative path cannot be kept under its name; "" when it can."""
    parts = path.split("/")
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in path):
        return "its name holds control characters"
    if any(len(os.fsencode(part)) > 255 for part in parts) or len(path) > 1000:
        return "its name is too long"
    return "it lies too deep" if len(parts) > MAX_DEPTH else ""


def is_ignored(name: str, ignored: Iterable[str] = ()) -> bool:
    """Whether a file or folder of this name belongs to a program, not to the submission."""
    return any(fnmatch(name, pattern) for pattern in (*IGNORED, *ignored))


def shown(name: str) -> str:
    """A name as it may stand in a message: one line, no control characters, not too long."""
    text = name if name.isprintable() else ascii(name)[1:-1]
    return text if len(text) <= 100 else f"{text[:97]}..."


def _entries(path: Path, notes: list[str]) -> list[os.DirEntry]:
    try:
        with os.scandir(path) as entries:
            return sorted(islice(entries, MAX_ENTRIES + 1), key=lambda entry: entry.name)
    except OSError as error:
        notes.append(f"{shown(path.name)} cannot be read: {error.strerror}.")
        return []
