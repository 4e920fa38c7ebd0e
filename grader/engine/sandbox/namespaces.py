"""Level "full": namespaces and a file tree of its own for each student, then landlock and the filter."""

from __future__ import annotations

import contextlib
import os
import signal
import socket

from grader.engine.sandbox import kernel_calls as kernel
from grader.engine.sandbox import landlock, seccomp
from grader.engine.sandbox.enclosure import Enclosure, go_home
from grader.engine.sandbox.root_tree import WRITABLE, RootTree
from grader.engine.sandbox.users import STUDENT_ID, become, enter_user_namespace, lone_user_id


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
