"""A process of its own that reads one thing after another: `apart` for whoever has thousands to read.

To fork costs more than most readings. So one process goes on as long as nothing is amiss; what it does not
answer at once, for whatever reason, is read again `apart`, by a fresh process that has the last word. So
nothing that one submission does to it, be it an end, a leak or a delay, decides about another.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import resource
import signal
import time
from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Generic, TypeVar

from grader.apart import apart
from grader.child_process import confine, signals_held, size

QUICK_SECONDS = 2  # of CPU time, for what most often takes some milliseconds
LEFT_MB = 200  # what a reading may leave behind; beyond that, a new process serves the next one

Question = TypeVar("Question")
Answer = TypeVar("Answer")


class Reader(Generic[Question, Answer]):
    """`work` on whatever is asked, as `apart(lambda: work(asked), seconds, megabytes)` would do it.

    What is asked and what is answered is pickled. Leaving the context ends the process.
    """

    def __init__(self, work: Callable[[Question], Answer], seconds: float, megabytes: int):
        self._work, self._limits = work, (seconds, megabytes)
        self._pid = 0
        self._pipe: Connection | None = None

    def __enter__(self) -> Reader[Question, Answer]:
        return self

    def __exit__(self, *_why: object) -> None:
        self._end()

    def read(self, asked: Question) -> Answer:
        """What `work` returns. Raises what `apart` raises."""
        try:
            return self._quickly(asked)
        except (EOFError, OSError):
            self._end()
            return apart(lambda: self._work(asked), *self._limits)

    def _quickly(self, asked: Question) -> Answer:
        pipe = self._pipe or self._begin()
        pipe.send_bytes(pickle.dumps(asked))
        return pickle.loads(pipe.recv_bytes())

    def _begin(self) -> Connection:
        parent, (ours, theirs) = os.getpid(), Pipe()
        with signals_held():
            self._pid = os.fork()
            if self._pid == 0:
                ours.close()
                _serve(self._work, theirs, parent, self._limits[1])
            self._pipe = ours
        theirs.close()
        return ours

    def _end(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
            self._pipe = None


def _serve(work: Callable, pipe: Connection, parent: int, megabytes: int) -> None:
    """The life of the process; never returns. Whatever goes wrong ends it."""
    try:
        confine(parent, megabytes)
        most = size() + (LEFT_MB << 20)
        while size() < most:
            asked = pickle.loads(pipe.recv_bytes())
            resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + 1 + QUICK_SECONDS, -1))
            pipe.send_bytes(pickle.dumps(work(asked)))
    finally:
        with contextlib.suppress(BaseException):
            pipe.close()
        os._exit(0)
