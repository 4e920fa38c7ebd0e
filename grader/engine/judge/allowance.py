"""How long a cell or a test may take: a time that stands still while this machine holds it up.

When it seems to be over, the grading process is asked what the submission used. CPU time decides as long as
it computes; whoever waits (a sleep, a deadlock) uses up time too, but not that in which no processor was free
or nothing ran at all.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable

from grader.machine import starved_seconds

LEAST_SECONDS = 0.05  # an extension below this is none
_stops = 0


def note_stops() -> None:
    """From now on notice when somebody stops this process and lets it go on."""

    def count(*_signal: object) -> None:
        global _stops
        _stops += 1

    signal.signal(signal.SIGCONT, count)


Use = tuple[float, float, bool]  # CPU seconds, lost seconds, whether it computes just now


def nobody(_since: float) -> Use:
    """Where no code of a student's runs, the time is our own."""
    return 0.0, 0.0, False


class Allowance:
    """`seconds` from now on; `use` tells what the submission used since a moment (time.monotonic)."""

    def __init__(self, seconds: float, use: Callable[[float], Use] = nobody):
        self.seconds, self._use = seconds, use
        self._begin()

    @property
    def left(self) -> float:
        """Seconds to the deadline, as far as is known."""
        return self.deadline - time.monotonic()

    def extended(self) -> float:
        """The deadline (time.monotonic), which has moved where time was lost; in the past when it is over."""
        if self.left <= 0:
            self.renew()
        return self.deadline

    def renew(self) -> None:
        """Move the deadline by what was lost since the last time."""
        if self._stops != _stops:  # what ran meanwhile cannot be told
            return self._begin()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})  # an alarm must not cut the talk in two
        try:
            self._extend(*self._use(self._began))
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})

    def grant(self, seconds: float) -> None:
        """So much of the time that is over was our own."""
        self._began += seconds
        self.deadline += seconds

    def _extend(self, cpu: float, lost: float, busy: bool) -> None:
        now, unused = time.monotonic(), self.seconds - cpu
        later = self._began + self.seconds + lost + starved_seconds() - self._starved
        if busy:  # what it waits for a processor just now is not counted yet
            later = max(later, now + unused)
        if unused > 0 and later > now + LEAST_SECONDS:
            self.deadline = later

    def _begin(self) -> None:
        self._began, self._starved, self._stops = time.monotonic(), starved_seconds(), _stops
        self.deadline = self._began + self.seconds
