"""Temporary folders that no end of a process leaves behind for long, not even kill -9.

Whoever uses a folder holds a lock on it; whoever makes one first sweeps away those that nobody holds.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from pathlib import Path

PREFIX = "grader-"
YOUNG_SECONDS = 60.0  # a folder that was made just now is not swept: its lock may be yet to come


def make() -> tuple[str, int]:
    """A new folder, and the descriptor that holds it: for this process and those that inherit it."""
    sweep()
    folder = tempfile.mkdtemp(prefix=PREFIX)
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    with contextlib.suppress(OSError):  # a file system without locks
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return folder, held


def sweep() -> None:
    """Delete what earlier processes of this user left in the temporary folder."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            info = folder.lstat()
            if info.st_uid == os.geteuid() and info.st_mtime < time.time() - YOUNG_SECONDS:
                _sweep(folder)


def _sweep(folder: Path) -> None:
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(held)
