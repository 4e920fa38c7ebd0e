"""The student processes of one attempt, one after the other: what they used, and what ended them."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable

from grader.engine.sandbox.student_process import StudentProcess, SubmissionUse

END_SECONDS = 10.0  # for a killed student process to be gone
EVENT_SECONDS = 0.05  # for the news that a process was killed for its memory to arrive
Starter = Callable[[], StudentProcess]


class StudentProcesses:
    """At most one of them runs; `seconds` (CPU) and `peak_mb` are those of all that ended."""

    def __init__(self, start: Starter):
        self._start = start
        self._running: StudentProcess | None = None
        self._memory_kills = 0
        self.peak_mb = self.seconds = 0.0

    def start(self) -> socket.socket:
        """End the one that runs and start another; the socket that leads to it."""
        self.end()
        self._memory_kills = 0
        self._running = self._start()
        return self._running.sock

    def use(self, since: float) -> SubmissionUse | None:
        """What the running one used since that moment (time.monotonic); None where there is none."""
        return self._running.use(since) if self._running else None

    def ending(self) -> tuple[str, int | None, bool]:
        """Which limit ended it, its exit code (minus a signal), whether it was close to its limit of memory.

        As far as that is known: "" and None else.
        """
        if self._running is None:
            return "", None, False
        kills, self._memory_kills = self._memory_kills, self._running.over_memory
        if self._memory_kills > kills:
            return "memory", None, True
        with contextlib.suppress(TimeoutError):
            ending = self._running.wait(EVENT_SECONDS)
            code = -ending.signal if ending.signal else ending.exit_code
            return ending.why, code, ending.near_memory
        use = self._running.use(time.monotonic())
        return "", None, bool(use and use.near_memory)

    def end(self) -> None:
        """Leave none running."""
        if self._running is None:
            return
        student, self._running = self._running, None
        with student:
            student.kill()
            ending = student.wait(END_SECONDS)
        self.seconds += ending.cpu_seconds
        self.peak_mb = max(self.peak_mb, ending.peak_mb)
