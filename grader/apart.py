"""Work on somebody else's bytes in a process of its own, which the kernel ends when it takes too much.

A clock within a process does not ring while a C function runs: a regular expression, a parser, a number of a
million digits. A process can be killed at any time, and leaves nothing behind for the next one.
"""

from __future__ import annotations

import contextlib
import math
import os
import pickle
import resource
import signal
from collections.abc import Callable, Generator, Iterable
from itertools import islice
from multiprocessing.connection import wait
from typing import Any, Generic, TypeVar

from grader.bounds import BoundExceeded
from grader.machine import die_with

TRIES = 2  # at a process that somebody killed
BY_OTHERS = {-signal.SIGKILL, -signal.SIGTERM, -signal.SIGHUP}
PAGE = resource.getpagesize()
CHUNK = 1 << 16
T = TypeVar("T")


class ProcessKilled(Exception):
    """The process was killed TRIES times, and not at one of its limits: that is this machine's doing."""


def apart(work: Callable[[], T], seconds: float, megabytes: int) -> T:
    """What `work` returns; nothing else of what it does is seen in this process, but files that it writes.

    seconds: of CPU time, in whole ones. megabytes: memory beyond what this process has already. The result
    is pickled. Raises BoundExceeded where the work takes more or crashes the interpreter, ProcessKilled, and
    what `work` raises.
    """
    ((_, answer),) = each_apart([("", work)], seconds, megabytes, jobs=1)
    if isinstance(answer, BaseException):
        raise answer
    return answer


def each_apart(
    works: Iterable[tuple[str, Callable[[], T]]], seconds: float, megabytes: int, *, jobs: int
) -> Generator[tuple[str, T | BaseException]]:
    """(name, what it returns or raises) of each of these works `apart`, `jobs` at once, as they end.

    Whoever may stop before the end closes it, which ends what still runs.
    """
    children = (_Child(name, work, math.ceil(seconds), megabytes) for name, work in works)
    running: dict[Any, _Child[T]] = {}
    try:
        while True:
            running |= {child.pipe: child for child in islice(children, jobs - len(running))}
            if not running:
                return
            for pipe in wait(list(running)):
                if running[pipe].reads():
                    continue
                child = running.pop(pipe)
                if again := child.again():
                    running[again.pipe] = again
                else:
                    yield child.name, child.result()
    finally:
        for child in running.values():
            child.end()


class _Child(Generic[T]):
    """A process that does one work; `ending` is its exit code, that of a signal is negative."""

    def __init__(self, name: str, work: Callable[[], T], seconds: int, megabytes: int, tries: int = TRIES):
        self.name, self._what, self._tries = name, (work, seconds, megabytes), tries
        self._answer, self._ending = bytearray(), 0
        parent, (self.pipe, theirs) = os.getpid(), os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            _live(work, theirs, parent, seconds, megabytes)
        os.close(theirs)

    def reads(self) -> bool:
        """Read what is there; False when that was all, and the process is gone."""
        if chunk := os.read(self.pipe, CHUNK):
            self._answer += chunk
            return True
        os.close(self.pipe)
        self._ending = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        return False

    def end(self) -> None:
        """End the process, whose answer nobody waits for."""
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self.pipe)

    def again(self) -> _Child[T] | None:
        """Another process in place of one that somebody killed, if it may be tried once more."""
        if self._ending in BY_OTHERS and self._tries > 1:
            return _Child(self.name, *self._what, self._tries - 1)
        return None

    def result(self) -> Any:
        if self._ending == 0:
            return pickle.loads(self._answer)[1]
        if self._ending == -signal.SIGXCPU:
            return BoundExceeded(f"more than {self._what[1]:g} s")
        if self._ending in BY_OTHERS:
            return ProcessKilled("a process that read a submission was killed, and not by us")
        return BoundExceeded("more than the interpreter can do")


def _live(work: Callable[[], T], pipe: int, parent: int, seconds: int, megabytes: int) -> None:
    """The life of the process; never returns."""
    try:
        confine(parent, megabytes)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        with open(pipe, "wb") as file:
            file.write(_result(work, megabytes))
        os._exit(0)
    finally:
        os._exit(1)


def confine(parent: int, megabytes: int) -> None:
    """Let this forked process end with its parent and at any signal, and take no more memory than that."""
    die_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then ends us
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGXCPU):
        signal.signal(number, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, ValueError):  # without /proc, as on macOS; or below it already
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (size() + (megabytes << 20), hard))


def _result(work: Callable[[], T], megabytes: int) -> bytes:
    """(True, what `work` returns) or (False, what it raises), pickled."""
    try:
        return pickle.dumps((True, work()))
    except MemoryError:
        return pickle.dumps((False, BoundExceeded(f"more than {megabytes} MB of memory")))
    except RecursionError:
        return pickle.dumps((False, BoundExceeded("deeper nesting than can be read")))
    except (Exception, BoundExceeded) as error:
        return pickle.dumps((False, error))


def size() -> int:
    """The bytes of address space of this process."""
    with open("/proc/self/statm", "rb") as file:
        return int(file.read().split()[0]) * PAGE
