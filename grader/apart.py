"""Work on somebody else's bytes in a process of its own, which the kernel ends when it takes too much.

A clock within a process does not ring while a C function runs: a regular expression, a parser, a number of a
million digits. A process can be killed at any time, and leaves nothing behind for the next one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterable, Iterator
from itertools import islice
from multiprocessing.connection import wait
from typing import Any, Generic, TypeVar

from grader.child_process import ChildProcess, Work, signals_held

T = TypeVar("T")


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
    waiting, running = iter(works), _Running[T]()
    with running:
        while True:
            for name, what in islice(waiting, jobs - len(running)):
                running.start(name, Work(what, math.ceil(seconds), megabytes))
            if not running:
                return
            for child in running.ended():
                if child.may_try_again:
                    running.start(child.name, child.work.once_more())
                else:
                    yield child.name, child.result()


class _Running(Generic[T]):
    """The processes that work now; leaving the context ends them."""

    def __init__(self):
        self._children: dict[Any, ChildProcess[T]] = {}

    def __len__(self) -> int:
        return len(self._children)

    def __enter__(self) -> None: ...

    def __exit__(self, *_why: object) -> None:
        for child in self._children.values():
            child.end()

    def start(self, name: str, work: Work[T]) -> None:
        with signals_held():
            child = ChildProcess(name, work)
            self._children[child.pipe] = child

    def ended(self) -> Iterator[ChildProcess[T]]:
        """Wait for an answer; the processes that have given all of theirs."""
        for pipe in wait(list(self._children)):
            if not self._children[pipe].reads():
                yield self._children.pop(pipe)
