"""Where the students of one warm process run; a subclass per level that confines takes a forked child there.

The order matters: descriptors, namespaces and mounts, identity, limits, landlock, and the system-call filter
last, since it forbids the steps before it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile

from grader.engine.sandbox.process_use import ProcessUse
from grader.engine.sandbox.processes import Processes
from grader.engine.sandbox.resource_limits import set_limits


class Enclosure:
    """Level "unsafe": a process and a folder of its own, with limits, and no confinement at all.

    workspace: a private folder on the machine's disk that is deleted with the warm process.
    """

    level = "unsafe"

    def __init__(self, workspace: str):
        self.workspace, self.processes = workspace, Processes()

    def settle(self) -> int:
        """Fork the process to warm up: its id in the one that stays behind and waits, 0 in itself."""
        return os.fork()

    def enter(self) -> None:
        """After the imports: the last step of the warm process before it serves."""

    def fork(self) -> int:
        return os.fork()

    def confine(self, limits: dict, disk_bytes: int, keep: tuple[int, ...]) -> None:
        """In the forked child: go where student code may run. The working directory is its own, and empty."""
        os.setsid()
        address_space = self.processes.virtual_bytes()
        tasks = self.task_limit(limits)
        self.processes.close_descriptors((*keep, self.processes.fd))
        self.processes.write("self/oom_score_adj", "1000")  # if the machine runs out of memory, this first
        self.isolate(disk_bytes)
        self.processes.close()
        set_limits(limits, address_space=address_space, disk_bytes=disk_bytes, tasks=tasks)
        self.restrict()

    def isolate(self, disk_bytes: int) -> None:
        """Namespaces, identity, working directory."""
        self._own_folder()

    def restrict(self) -> None:
        """What a process gives up for good."""

    def task_limit(self, limits: dict) -> int | None:
        return None

    def folder(self, pid: int) -> str:
        """The student process's folder on the machine's disk, "" when it has none."""
        return os.path.join(self.workspace, str(pid))

    def members(self, first: int) -> list[ProcessUse]:
        """The running processes of a submission; `first` is the number of its first one in `processes`."""
        return [p for p in self.processes.family(first) if p.alive]

    def kill(self, pid: int) -> None:
        """Kill all processes of a submission; `pid` is its first one, which may have ended just now."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)

    def clean(self, pid: int) -> None:
        """Delete the folder, whatever modes and depth the student gave it."""
        if not (folder := self.folder(pid)):
            return
        with contextlib.suppress(RecursionError):
            shutil.rmtree(folder, ignore_errors=True)
        if os.path.isdir(folder):  # closed or very deep folders
            subprocess.run(["chmod", "-R", "u+rwx", folder], stderr=subprocess.DEVNULL)
            subprocess.run(["rm", "-rf", folder], stderr=subprocess.DEVNULL)

    def _own_folder(self, owner: int | None = None) -> str:
        folder = self.folder(os.getpid())
        for name in ("", "tmp", "work"):
            os.mkdir(os.path.join(folder, name), 0o700)
            if owner is not None:
                os.chown(os.path.join(folder, name), owner, owner)
        go_home(os.path.join(folder, "tmp"), os.path.join(folder, "work"))
        return folder


def go_home(home: str, work: str) -> None:
    os.environ["HOME"] = os.environ["TMPDIR"] = tempfile.tempdir = home
    os.chdir(work)


def wait_and_clean(enclosure: Enclosure, pid: int) -> None:
    """The process that stays behind: when the warm process ends, or we are told to, nothing of it is left."""

    def end(*_signal: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    signal.signal(signal.SIGTERM, end)
    os.waitpid(pid, 0)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    me = enclosure.processes.number()
    while rest := [p for p in enclosure.processes.family(me) if p.number != me]:
        for process in rest:
            enclosure.processes.kill(process.number)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(-1, os.WNOHANG)
    shutil.rmtree(enclosure.workspace, ignore_errors=True)
