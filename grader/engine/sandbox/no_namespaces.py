"""Level "no-namespaces", for containers that forbid user namespaces: landlock, filter, limits, user ids."""

from __future__ import annotations

import os
import signal
import time

from grader.engine.sandbox import kernel_calls as kernel
from grader.engine.sandbox import landlock, seccomp
from grader.engine.sandbox.enclosure import Enclosure
from grader.engine.sandbox.process_use import ProcessUse
from grader.engine.sandbox.root_tree import DEVICES, SYSTEM, environment_paths
from grader.engine.sandbox.users import become, lone_user_id

PATIENCE = 500  # looks at dying processes, one millisecond apart
SLACK_TASKS = 64


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

    def members(self, first: int) -> list[ProcessUse]:
        everybody = self.processes.family(self.processes.number())
        return [p for p in everybody if p.alive and p.session == first]

    def kill(self, pid: int) -> None:
        super().kill(pid)
        for _ in range(PATIENCE):
            if not self.members(pid):
                return
            time.sleep(0.001)
