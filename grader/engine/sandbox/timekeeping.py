"""Whose time passes? What a submission used of it, and what it lost through no doing of its own.

Lost is the time in which a thread of the submission was ready to run and no processor was free for it, and
the time in which all stood still, ourselves too: a container paused, a laptop asleep, everything stopped.
"""

from __future__ import annotations

import time
from collections import deque

from grader.engine.sandbox.process_use import ProcessUse
from grader.engine.sandbox.processes import Processes
from grader.machine import starved_seconds

TICK_SECONDS = 0.05
PAUSE_SECONDS = 0.3  # beyond a tick: what is shorter is no pause
SAMPLES = 8192


class Heartbeat:
    """Notices that this process, which looks around at every tick, was not there for a while."""

    def __init__(self):
        self._last = (time.monotonic(), self._own())

    def pause(self) -> float:
        """Seconds since the last call in which we neither ran nor waited for a processor; 0 as a rule."""
        before, self._last = self._last, (time.monotonic(), self._own())
        away, own = (now - then for now, then in zip(self._last, before, strict=True))
        missed = away - own - TICK_SECONDS
        return missed if missed > PAUSE_SECONDS else 0.0

    @staticmethod
    def _own() -> float:
        return time.process_time() + starved_seconds()


class Timekeeper:
    """The time of one submission, as looked at from outside at every tick."""

    def __init__(self, processes: Processes):
        self._processes = processes
        self._samples = deque([(time.monotonic(), 0.0, 0.0)], maxlen=SAMPLES)
        self._delays: dict[tuple[int, str], float] = {}

    @property
    def lost(self) -> float:
        """Seconds lost so far."""
        return self._samples[-1][2]

    def look(self, members: list[ProcessUse], pause: float) -> None:
        """Take note of the processes as they are now; `pause` is what all have lost since the last look."""
        before, cpu, lost = self._samples[-1]
        now = time.monotonic()
        cpu = max(cpu, sum(process.cpu_seconds for process in members))
        lost += min(now - before, pause + self._starved(members))
        self._samples.append((now, cpu, lost))

    def since(self, moment: float) -> tuple[float, float]:
        """(CPU seconds of all its processes, seconds lost) from `moment` (monotonic) to the last look."""
        former = next((s for s in reversed(self._samples) if s[0] <= moment), self._samples[0])
        last = self._samples[-1]
        return last[1] - former[1], last[2] - former[2]

    def _starved(self, members: list[ProcessUse]) -> float:
        """The longest that one of its threads has waited for a processor since the last look.

        A process that made itself humble waits of its own choice.
        """
        delays = {
            key: wait for p in members if not p.humble for key, wait in self._processes.delays(p).items()
        }
        before, self._delays = self._delays, delays
        return max((wait - before.get(key, 0.0) for key, wait in delays.items()), default=0.0)
