"""What a trial of the reference's reads and whether it uses the network, as Python's audit events tell it.

Files that compiled code opens by itself are not seen.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Any

_READS = {"ctypes.dlopen", "open", "os.listdir", "os.scandir", "sqlite3.connect"}
_CALLS = {"socket.bind", "socket.connect", "socket.getaddrinfo", "socket.sendto"}


class Tracks:
    """Of this process, from now on: the real `paths`, whether they are there or not."""

    def __init__(self) -> None:
        self.paths: set[str] = set()
        self.connects = False
        sys.addaudithook(self._note)

    def _note(self, event: str, args: tuple[Any, ...]) -> None:
        if event in _READS and isinstance(args[0], str | bytes | os.PathLike):
            with contextlib.suppress(ValueError):  # a path with a null byte
                self.paths.add(os.path.realpath(os.fsdecode(args[0])))
        elif event == "import" and args[1]:  # a compiled module
            self.paths.add(os.path.realpath(args[1]))
        elif event in _CALLS:
            self.connects |= event == "socket.getaddrinfo" or isinstance(args[1], tuple)
