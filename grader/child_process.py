"""A forked process that does one work within limits, and answers with a pickle."""

from __future__ import annotations

import contextlib
import os
import pickle
import resource
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from grader.bounds import BoundExceeded
from grader.machine import die_with

TRIES = 2  # at a process that somebody killed
BY_OTHERS = {-signal.SIGKILL, -signal.SIGTERM, -signal.SIGHUP}
PAGE = resource.getpagesize()
CHUNK = 1 << 16
ENDINGS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPROF}  # what may end a step of work
T = TypeVar("T")


class ProcessKilled(Exception):
    """The process was killed TRIES times, and not at one of its limits: that is this machine's doing."""


@contextlib.contextmanager
def signals_held() -> Iterator[None]:
    """What may end this process waits for the end of the body: no child is forked and then forgotten.

    A process that is forked in the body holds them, too, until it has its own way with them. Where there are
    other threads one of them may take a signal; then the child ends when this process does.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@dataclass(frozen=True)
class Work(Generic[T]):
    """A function and what it may use: seconds of CPU time, memory beyond what this process has already."""

    function: Callable[[], T]
    seconds: int
    megabytes: int
    tries: int = TRIES

    def once_more(self) -> Work[T]:
        return replace(self, tries=self.tries - 1)


class ChildProcess(Generic[T]):
    """A process that does one work; to be started where signals are held, until somebody knows it."""

    def __init__(self, name: str, work: Work[T]):
        self.name, self.work = name, work
        self._answer, self._ending = bytearray(), 0  # its exit code, that of a signal is negative
        parent, (self.pipe, theirs) = os.getpid(), os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            _live(work, theirs, parent)
        os.close(theirs)

    def reads(self) -> bool:
        """Read what is there; False when that was all, and the process is gone."""
        if chunk := os.read(self.pipe, CHUNK):
            self._answer += chunk
            return True
        with signals_held():
            os.close(self.pipe)
            self._ending = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
            self._pid = 0
        return False

    def end(self) -> None:
        """End the process, whose answer nobody waits for."""
        if self._pid:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
            os.close(self.pipe)

    @property
    def may_try_again(self) -> bool:
        """Whether somebody killed it, who may do otherwise the next time."""
        return self._ending in BY_OTHERS and self.work.tries > 1

    def result(self) -> Any:
        if self._ending == 0:
            return pickle.loads(self._answer)[1]
        if self._ending == -signal.SIGXCPU:
            return BoundExceeded(f"more than {self.work.seconds} s")
        if self._ending in BY_OTHERS:
            return ProcessKilled("a process that read a submission was killed, and not by us")
        return BoundExceeded("more than the interpreter can do")


def _live(work: Work, pipe: int, parent: int) -> None:
    """The life of the process; never returns."""
    try:
        confine(parent, work.megabytes)
        resource.setrlimit(resource.RLIMIT_CPU, (work.seconds, work.seconds + 1))
        with open(pipe, "wb") as file:
            file.write(_result(work))
        os._exit(0)
    finally:
        os._exit(1)


def confine(parent: int, megabytes: int) -> None:
    """Let this forked process end with its parent and at any signal, and take no more memory than that."""
    end_with(parent)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, ValueError):  # without /proc, as on macOS; or below it already
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (size() + (megabytes << 20), hard))


def end_with(parent: int) -> None:
    """Let this forked process, whose signals were held, end with its parent and at any signal but Ctrl-C."""
    die_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then ends us
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGXCPU):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)


def _result(work: Work) -> bytes:
    """(True, what it returns) or (False, what it raises), pickled."""
    try:
        return pickle.dumps((True, work.function()))
    except MemoryError:
        return pickle.dumps((False, BoundExceeded(f"more than {work.megabytes} MB of memory")))
    except RecursionError:
        return pickle.dumps((False, BoundExceeded("deeper nesting than can be read")))
    except (Exception, BoundExceeded) as error:
        return pickle.dumps((False, error))


def size() -> int:
    """The bytes of address space of this process."""
    with open("/proc/self/statm", "rb") as file:
        return int(file.read().split()[0]) * PAGE
