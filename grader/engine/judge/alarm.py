"""The end of a test's time: an alarm in the judge's own process."""

from __future__ import annotations

import signal
import time

from grader.engine.judge.allowance import Allowance
from grader.engine.judge.student_errors import TooLong


class Alarm:
    """Raises TooLong in the main thread when the allowance is used up, and again each second after."""

    def __init__(self, allowance: Allowance):
        self._allowance, self._rang = allowance, False

    def __enter__(self) -> None:
        self._before = signal.signal(signal.SIGALRM, self._ring)
        self._set(self._allowance.left)

    def __exit__(self, *_why: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, self._before)

    def _ring(self, *_signal: object) -> None:
        self._rang = not self._rang
        if self._rang:  # Python hands on a SIGCONT that came meanwhile after this one
            return self._set(0.0)
        left = self._allowance.extended() - time.monotonic()
        if left <= 0:
            raise TooLong("the test did not end in time")
        self._set(left)

    def _set(self, seconds: float) -> None:
        signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.01), 1.0)
