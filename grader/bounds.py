"""A limit on the time of a step of work on somebody else's bytes that has a simpler step to fall back on."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Iterator

AGAIN_SECONDS = 0.5  # after which the clock rings again, in case that something swallowed the first time


class BoundExceeded(BaseException):
    """The work took more than it may; no `except Exception` on the way stops it."""


@contextlib.contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Raises BoundExceeded in the body when it has used so many seconds of this process's CPU time.

    A machine that sleeps or is busy cuts nothing short. Bounds may be nested. It rings between two steps of
    the interpreter and only in the main thread: what must end in any case goes `apart`.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(*_signal: object) -> None:
        raise BoundExceeded(f"more than {seconds:g} s")

    before, started = signal.signal(signal.SIGPROF, ring), time.process_time()
    outer, _ = signal.setitimer(signal.ITIMER_PROF, max(seconds, 0.001), AGAIN_SECONDS)
    if 0 < outer < seconds:
        signal.setitimer(signal.ITIMER_PROF, outer, AGAIN_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        if outer:
            left = outer - (time.process_time() - started)
            signal.setitimer(signal.ITIMER_PROF, max(left, 0.001), AGAIN_SECONDS)
