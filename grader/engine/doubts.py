"""Whose doing was it? What ends or holds up a submission is the student's only when that is proven.

Proven is a limit of its own: CPU time used, a kill that our watchdog recorded. A process that was killed by
somebody else, or stopped, may have been so by its own code, by the kernel for want of memory, by an
administrator: the notebook is tried once more, and what happens twice at the same place is the student's,
unless the kernel counts another kill for want of memory.
"""

from __future__ import annotations

from grader.engine.sandbox.student_process import Disturbance
from grader.machine import memory_kills

MAX_DOUBTS = 3  # places in one notebook at which it is given the benefit of the doubt
OUT_OF_MEMORY = "this machine ran out of memory; grade with fewer --jobs"
KILLED = "a process of the submission was killed, and not by us"
STOPPED = "a process of the submission was stopped, and not by us"


class Doubt(Disturbance):
    """It may be the student's doing: at the same place the next time, it is."""


class Doubts:
    """What was doubtful in the attempts at one notebook, by the place where it happened."""

    def __init__(self):
        self._places: set[object] = set()
        self._kills = 0

    def begin(self) -> None:
        """An attempt begins."""
        self._kills = memory_kills()

    def killed(self, place: object, *, near_memory: bool) -> str:
        """A process of the submission was killed by somebody else: the limit that this stands for, if any.

        near_memory: the submission was close to its own limit of memory. Raises Disturbance, Doubt.
        """
        if memory_kills() > self._kills and not near_memory:
            raise Disturbance(OUT_OF_MEMORY)
        self.once(place, KILLED)
        return "memory" if near_memory else ""

    def once(self, place: object, reason: str) -> None:
        """Raises Doubt at the first time at this place."""
        if place not in self._places and len(self._places) < MAX_DOUBTS:
            self._places.add(place)
            raise Doubt(reason)
