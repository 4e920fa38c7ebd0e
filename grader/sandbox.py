"""Confine a process: which levels this machine can provide, and the steps that take a forked child there."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable


class Place:
    """Where students of one warm process run."""

    def __init__(self, level: str, workspace: str):
        self.level, self.workspace = level, workspace

    def enter(self) -> None:
        pass

    def fork(self) -> int:
        return os.fork()

    def confine(self, limits: dict, keep: tuple[int, ...]) -> None:
        os.setsid()
        work = tempfile.mkdtemp(dir=self.workspace)
        os.chdir(work)
        null = os.open(os.devnull, os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(null, fd)
        last = 2
        for fd in [*sorted(keep), os.sysconf("SC_OPEN_MAX")]:
            os.closerange(last + 1, fd)
            last = fd


def settle(wanted: str, hello: Callable[[dict], object]) -> Place:
    """Choose the level, say hello; the returning process is the one to warm up."""
    workspace = tempfile.mkdtemp(prefix="grader-")
    os.environ["MPLCONFIGDIR"] = workspace
    hello({"level": "unsafe"})
    pid = os.fork()
    if pid:
        os.waitpid(pid, 0)
        shutil.rmtree(workspace, ignore_errors=True)
        os._exit(0)
    return Place("unsafe", workspace)
