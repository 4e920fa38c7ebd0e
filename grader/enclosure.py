"""Where the students of one warm process run: a class per level, each taking a forked child there in steps.

The order matters: descriptors, namespaces and mounts, identity, limits, landlock, and the system-call filter
last, since it forbids the steps before it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from grader import kernel_calls as kernel
from grader import landlock, seccomp
from grader.identity import STUDENT_ID, become, enter_user_namespace, lone_user_id
from grader.processes import Processes, Usage
from grader.resource_limits import set_limits
from grader.root_tree import DEVICES, SYSTEM, WRITABLE, RootTree, environment_paths

PATIENCE = 500  # looks at dying processes, one millisecond apart
SLACK_TASKS = 64


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

    def members(self, first: int) -> list[Usage]:
        """The running processes of a submission; `first` is the number of its first one in `processes`."""
        return [p for p in self.processes.family(first) if p.running]

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


class NoNamespaces(Enclosure):
    """Level "no-namespaces": landlock, the filter, limits, and as root a user id per submission.

    A process group holds each submission together: the filter lets nobody leave it, so one signal ends all.
    Orphans come back to us, and are seen.
    """

    level = "no-namespaces"

    def __init__(self, workspace: str, *, own_user: bool):
        super().__init__(workspace)
        self.readable, self.own_user = [*SYSTEM, *environment_paths()], own_user
        os.chmod(workspace, 0o711)

    def settle(self) -> int:
        kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
        pid = os.fork()
        if pid == 0:
            kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
            kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
        return pid

    def isolate(self, disk_bytes: int) -> None:
        user = lone_user_id(self.processes) if self.own_user else None
        self._writable = self._own_folder(user)
        if user is not None:
            become(user)
        kernel.drop_capabilities()
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)  # a change of user id clears it

    def restrict(self) -> None:
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
        landlock.restrict(readable=self.readable, writable=[self._writable, *DEVICES])
        seccomp.restrict(shared=True)

    def task_limit(self, limits: dict) -> int | None:
        if self.own_user:
            return limits["processes"]
        if os.geteuid() == 0:
            return None  # the kernel does not count root's; the watchdog does
        return self.processes.tasks_of_user(os.geteuid()) + limits["processes"] + SLACK_TASKS

    def members(self, first: int) -> list[Usage]:
        everybody = self.processes.family(self.processes.number())
        return [p for p in everybody if p.running and p.session == first]

    def kill(self, pid: int) -> None:
        super().kill(pid)
        for _ in range(PATIENCE):
            if not self.members(pid):
                return
            time.sleep(0.001)


class Namespaces(Enclosure):
    """Level "full": own mount, process, network, IPC and host-name namespaces, then landlock and the filter.

    privileged: root makes namespaces without a user namespace; each student gets a user id of its own.
    """

    level = "full"

    def __init__(self, workspace: str, *, privileged: bool, fresh_proc: bool):
        super().__init__(workspace)
        self.privileged = privileged
        self.tree = RootTree(os.path.join(workspace, "root"), fresh_proc=fresh_proc)

    def settle(self) -> int:
        if self.privileged:
            kernel.unshare(kernel.CLONE_NEWPID)
        else:
            enter_user_namespace(self.processes, kernel.CLONE_NEWPID)
        pid = os.fork()
        if pid == 0:
            kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
            self._own_pids = self.processes.open("self/ns/pid")
        return pid

    def enter(self) -> None:
        kernel.unshare(kernel.CLONE_NEWNS | kernel.CLONE_NEWUTS)
        socket.sethostname("sandbox")
        self.tree.build()
        self.tree.enter()

    def fork(self) -> int:
        """One fork suffices: the child is the first process of a new namespace, we stay in ours."""
        kernel.unshare(kernel.CLONE_NEWPID)
        pid = os.fork()
        if pid:
            kernel.setns(self._own_pids, kernel.CLONE_NEWPID)
        return pid

    def isolate(self, disk_bytes: int) -> None:
        kernel.unshare(kernel.CLONE_NEWNS | kernel.CLONE_NEWNET | kernel.CLONE_NEWIPC)
        self.tree.add_private_places(disk_bytes)
        if self.privileged:
            become(lone_user_id(self.processes))
        else:  # a user namespace of its own counts its processes on their own
            enter_user_namespace(self.processes, inside=STUDENT_ID)
        kernel.drop_capabilities()
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)  # a change of user id clears it
        for folder in ("/tmp/.shm", "/tmp/work"):
            os.mkdir(folder, 0o700)
        go_home("/tmp", "/tmp/work")

    def restrict(self) -> None:
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
        if landlock.abi():
            landlock.restrict(readable=["/"], writable=WRITABLE)
        seccomp.restrict(shared=False)

    def task_limit(self, limits: dict) -> int | None:
        return limits["processes"]

    def folder(self, pid: int) -> str:
        return ""

    def kill(self, pid: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)  # the first of its namespace: all others die with it


def go_home(home: str, work: str) -> None:
    os.environ["HOME"] = os.environ["TMPDIR"] = tempfile.tempdir = home
    os.chdir(work)


def wait_and_clean(enclosure: Enclosure, pid: int) -> None:
    """The process that stays behind: when the warm process ends, or we are told to, nothing of it is left."""

    def end(*_signal) -> None:
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
