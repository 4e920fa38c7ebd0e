"""A limit on the time and the memory of work on somebody else's bytes, around whatever algorithm does it."""

from __future__ import annotations

import contextlib
import resource
import signal
import threading
import time
from collections.abc import Iterator

AGAIN_SECONDS = 0.5  # after which the clock rings again, in case that something swallowed the first time
PAGE = resource.getpagesize()


class Exceeded(BaseException):
    """The work took more than it may; no `except Exception` on the way stops it."""


@contextlib.contextmanager
def bounded(seconds: float, megabytes: int = 0) -> Iterator[None]:
    """Raises Exceeded in the body when it has used so many seconds of this process's CPU time, or needs so
    much more memory than the process has already (0: whatever there is).

    The clock is one of CPU time: a machine that sleeps or is busy cuts nothing short. Bounds may be nested.
    It rings between two steps of the interpreter and within a regular expression; only in the main thread.
    """
    with _clock(seconds), _memory(megabytes):
        try:
            yield
        except MemoryError:
            raise Exceeded(f"more than {megabytes} MB of memory") from None


@contextlib.contextmanager
def _clock(seconds: float) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(*_signal) -> None:
        raise Exceeded(f"more than {seconds:g} s")

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


@contextlib.contextmanager
def _memory(megabytes: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    room = _size() + (megabytes << 20)
    if not megabytes or (soft != resource.RLIM_INFINITY and soft <= room):
        yield
        return
    resource.setrlimit(resource.RLIMIT_AS, (room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _size() -> int:
    """The bytes of address space of this process."""
    with open("/proc/self/statm", "rb") as file:
        return int(file.read().split()[0]) * PAGE
