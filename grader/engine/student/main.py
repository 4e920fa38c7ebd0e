"""The student's side, inside the sandbox: runs cells, answers the judge's calls. Nothing it says is trusted.

Whatever stands here shares a process with the student's code, which may replace any of it. So this side
holds no test, no expected value and no verdict; the judge checks and bounds what it receives.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import os
import socket
import sys

from grader.engine.student import originals
from grader.engine.student.server import Server
from grader.engine.student.shell import Shell, attach, make_shell
from grader.engine.wire.channel import Channel

COURSE_LIBRARY = "cs231nlib"


@functools.cache
def warm() -> Shell:
    """Import and build, before any fork, what every student process needs: its shell."""
    with contextlib.suppress(ImportError):
        importlib.import_module(COURSE_LIBRARY)
    return make_shell()


def serve(sock: socket.socket) -> None:
    """Run cells and answer calls until the other end closes, beside the files in the current directory."""
    shell = warm()
    attach(shell)
    originals.keep()
    prefer_local_library(COURSE_LIBRARY)
    Server(Channel(sock), shell).serve()


def prefer_local_library(name: str) -> None:
    """A library that lies beside the notebook wins over the one imported already."""
    sys.path[:0] = [os.getcwd()]
    if os.path.exists(f"{name}.py") or os.path.isdir(name):
        for module in [m for m in sys.modules if m == name or m.startswith(name + ".")]:
            del sys.modules[module]
