"""The student's side, inside the sandbox: runs cells, answers the judge's calls. Nothing it says is trusted.

Whatever stands here shares a process with the student's code, which may replace any of it. So this side
holds no test, no expected value and no verdict; the judge checks and bounds what it receives.
"""

from __future__ import annotations

import functools
import os
import socket
import sys
from collections.abc import Iterable

from grader.engine.student import originals
from grader.engine.student.server import Server
from grader.engine.student.shell import Shell, attach, make_shell
from grader.engine.wire.channel import Channel

_loaded: set[str] = set()  # packages that the warm process has imported for this course


@functools.cache
def warm() -> Shell:
    """Build, before any fork, what every student process needs: its shell."""
    shell = make_shell()
    originals.keep()
    return shell


def note_loaded(modules: Iterable[str]) -> None:
    """Remember which modules the warm process has imported because a course's notebooks use them."""
    _loaded.update(name.split(".")[0] for name in modules)
    originals.keep()


def serve(sock: socket.socket) -> None:
    """Run cells and answer calls until the other end closes, beside the files in the current directory."""
    shell = warm()
    attach(shell)
    shell.move_in()
    sys.path[:0] = [os.getcwd()]
    for name in _loaded:
        prefer_local(name)
    Server(Channel(sock), shell).serve()


def prefer_local(name: str) -> None:
    """A library that lies beside the notebook wins over the one imported already."""
    if os.path.exists(f"{name}.py") or os.path.isdir(name):
        for module in [m for m in sys.modules if m == name or m.startswith(name + ".")]:
            del sys.modules[module]
