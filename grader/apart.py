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
from collections.abc import Callable
from typing import TypeVar

from grader.bounds import Exceeded
from grader.machine import die_with

TRIES = 2  # at a process that somebody killed
BY_OTHERS = {-signal.SIGKILL, -signal.SIGTERM, -signal.SIGHUP}
PAGE = resource.getpagesize()
T = TypeVar("T")


class Killed(Exception):
    """The process was killed TRIES times, and not at one of its limits: that is this machine's doing."""


def apart(work: Callable[[], T], seconds: float, megabytes: int) -> T:
    """What `work` returns; nothing else of what it does is seen in this process, but files that it writes.

    seconds: of CPU time, in whole ones. megabytes: memory beyond what this process has already. The result
    is pickled. Raises Exceeded where the work takes more or crashes the interpreter, Killed, and what `work`
    raises.
    """
    for _ in range(TRIES):
        answer, ending = _answer(work, math.ceil(seconds), megabytes)
        if ending == 0:
            done, value = pickle.loads(answer)
            if not done:
                raise value
            return value
        if ending == -signal.SIGXCPU:
            raise Exceeded(f"more than {seconds:g} s")
        if ending not in BY_OTHERS:
            raise Exceeded("more than the interpreter can do")
    raise Killed("a process that read a submission was killed, and not by us")


def _answer(work: Callable[[], T], seconds: int, megabytes: int) -> tuple[bytes, int]:
    """What the process wrote, and its exit code; that of a signal is negative."""
    parent, (ours, theirs) = os.getpid(), os.pipe()
    pid = os.fork()
    if pid == 0:
        _live(work, theirs, parent, seconds, megabytes)
    os.close(theirs)
    with open(ours, "rb") as pipe:
        answer = pipe.read()
    return answer, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _live(work: Callable[[], T], pipe: int, parent: int, seconds: int, megabytes: int) -> None:
    """The life of the process; never returns."""
    try:
        die_with(parent)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then ends us
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGXCPU):
            signal.signal(number, signal.SIG_DFL)
        _limit(seconds, megabytes)
        with open(pipe, "wb") as file:
            file.write(_result(work, megabytes))
        os._exit(0)
    finally:
        os._exit(1)


def _limit(seconds: int, megabytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, ValueError):  # without /proc, as on macOS; or below it already
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (_size() + (megabytes << 20), hard))


def _result(work: Callable[[], T], megabytes: int) -> bytes:
    """(True, what `work` returns) or (False, what it raises), pickled."""
    try:
        return pickle.dumps((True, work()))
    except MemoryError:
        return pickle.dumps((False, Exceeded(f"more than {megabytes} MB of memory")))
    except RecursionError:
        return pickle.dumps((False, Exceeded("deeper nesting than can be read")))
    except (Exception, Exceeded) as error:
        return pickle.dumps((False, error))


def _size() -> int:
    """The bytes of address space of this process."""
    with open("/proc/self/statm", "rb") as file:
        return int(file.read().split()[0]) * PAGE
