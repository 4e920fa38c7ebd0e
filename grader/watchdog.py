"""Watch a student process from outside: wall time, memory of all its processes, number of tasks, disk."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from resource import struct_rusage

GRACE_SECONDS = 2.0  # the executor's own limit on a notebook comes first


class Watched:
    """A running student process, seen from the warm process that forked it."""

    def __init__(self, pid: int, status: int, limits: dict, place):
        self.pid, self.status, self.limits, self.place = pid, status, limits, place
        self.deadline = time.monotonic() + limits["notebook_seconds"] + GRACE_SECONDS
        self.peak_mb, self.why = 0.0, ""

    def check(self) -> None:
        """One look; kills what is over a limit."""
        if time.monotonic() > self.deadline:
            self.kill("wall")

    def kill(self, why: str) -> None:
        """Kill every process of the submission."""
        self.why = self.why or why
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def kill_rest(self) -> None:
        """The first process has ended: so must all others."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def report(self, code: int, usage: struct_rusage) -> None:
        """Tell the other side how it ended and close the channel."""
        ending = {
            "exit_code": code if code >= 0 else None,
            "signal": -code if code < 0 else None,
            "cpu_seconds": usage.ru_utime + usage.ru_stime,
            "peak_mb": max(self.peak_mb, usage.ru_maxrss / 1024),
            "why": self.why or ("cpu" if -code == signal.SIGXCPU else ""),
        }
        with contextlib.suppress(OSError):
            os.write(self.status, json.dumps(ending).encode() + b"\n")
        os.close(self.status)
