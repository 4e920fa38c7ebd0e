"""How long the judge may take for its next message: being stopped or starved is no student's doing."""

from __future__ import annotations

import time

from grader.engine.sandbox.student_process import Disturbance
from grader.engine.wire.channel import Channel
from grader.machine import cpu_seconds

GRACE_SECONDS = 5.0  # beyond the time of two cells, before the judge itself is killed
IDLE = 2  # times that, for a judge that computes nothing


class JudgeClock:
    """Sets the deadline of `frames`, over which the judge with this process number sends its messages."""

    def __init__(self, pid: int, frames: Channel, cell_seconds: float):
        self._pid, self._frames, self._cell_seconds = pid, frames, cell_seconds
        self._start_cpu = self._seen_cpu = 0.0
        self._waiting = time.monotonic()
        frames.extended = self._extended

    def await_message(self) -> None:
        """From now on the judge has the time of two cells."""
        self._waiting = time.monotonic()
        self._frames.deadline = self._waiting + self._seconds()

    def restart(self) -> None:
        """The judge begins with another cell."""
        self._start_cpu = cpu_seconds(self._pid)

    def _seconds(self) -> float:
        return 2 * self._cell_seconds + GRACE_SECONDS

    def _extended(self) -> float:
        """The deadline, or a later one where the judge has not computed so long: it is stopped or starved."""
        cpu, before = cpu_seconds(self._pid), self._seen_cpu
        if cpu - self._start_cpu >= 2 * self._cell_seconds:
            return self._frames.deadline or 0.0
        self._seen_cpu = cpu
        if cpu == before and time.monotonic() > self._waiting + IDLE * self._seconds():
            raise Disturbance("the judge does not answer")
        return time.monotonic() + self._seconds()
