"""The student processes of one trial: the one that runs, and the one that keeps the state to come back to.

Before a question the running process forks; the copy goes on, the original stands by. When a cell or a call
ends the copy or hangs it, the original takes its place. A fork costs some 9 ms of CPU time, a fresh process
and the earlier cells of most notebooks hardly more: so the process forks only when what had to run again
took longer than `WORTH_SECONDS`. Without an original, or when that is gone too, a fresh process runs the
earlier cells again, but not the one that did it.
"""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Callable
from typing import Any

from grader.engine.judge.link import Link
from grader.engine.judge.student_errors import StudentError, StudentGone
from grader.engine.judge.trusted_channel import TrustedChannel
from grader.engine.wire.channel import Channel, WireClosed, receive_socket
from grader.records import Status

WORTH_SECONDS = 0.1
FORK_SECONDS = 3.0  # to fork or to end a student process
_WHY = {
    "memory": (Status.OUT_OF_MEMORY, "used more memory than allowed"),
    "cpu": (Status.TIMED_OUT, "used up its time"),
    "wall": (Status.TIMED_OUT, "used up its time"),
    "processes": (Status.DIED, "started too many processes"),
    "disk": (Status.DIED, "wrote more files than allowed"),
}


class Checkpoints:
    """Keeps a student process at hand. `worker` leads to the grading process, which starts them.

    run: what brings a fresh process up to date by running one earlier cell in it. grant: is told the seconds
    that a start of a process took, which are not the student's.
    """

    def __init__(
        self, worker: TrustedChannel, run: Callable[[Link, Any], object], grant: Callable[[float], None]
    ):
        self.worker, self._run, self._grant = worker, run, grant
        self.link: Link | None = None  # the process that runs
        self._root: Link | None = None  # the first process, which all others descend from
        self._base: Link | None = None  # the process that stands by
        self._cells: list[Any] = []  # the cells that ran, in order
        self._done = 0  # so many of them had run when `_base` began to stand by
        self._seconds = self._entered = 0.0  # what they took since then, or since the start

    def __enter__(self) -> Link:
        """A process in the state after the cells that ran so far. Raises StudentGone when there is none."""
        while self.link is None:
            self.link, done = (self._fork(self._base), self._done) if self._base else (self._start(), 0)
            if self.link:
                self._catch_up(self.link, done)
        self._entered = time.monotonic()
        return self.link

    def __exit__(self, *_why: object) -> None:
        """The process stays; `lost` gives it up."""

    def ran(self, cell: Any) -> None:
        """The running process has run this cell: it belongs to the state."""
        self._cells.append(cell)
        self._seconds += time.monotonic() - self._entered

    def checkpoint(self) -> None:
        """Keep the present state, to come back to when what follows ends the process."""
        if self._seconds >= WORTH_SECONDS:
            self._stand_by()

    def copy(self) -> None:
        """Let a copy of the process go on, which `drop` ends: what it did or was told is then nowhere."""
        if self.link or not self._base or self._done < len(self._cells):
            self._stand_by()

    def drop(self) -> Any:
        """End the running process; the one that stands by, if any, is the state now. Its exit code."""
        if self.link:
            self.link.close()
        self.link, ended = None, None
        if self._base:
            try:
                ended = self._base.back(FORK_SECONDS)
            except (StudentGone, StudentError):  # or it is in no state to answer as it should
                self._base = None
        return ended

    def give_up(self) -> None:
        """Begin with a fresh process the next time: what these know is not known here."""
        for link in filter(None, (self.link, self._base)):
            link.close()
        self.link = self._base = None

    def _stand_by(self) -> None:
        self._seconds = 0.0
        with contextlib.suppress(StudentGone), self as link:
            former, self._base = self._base, link
            self.link, self._done = self._fork(link), len(self._cells)
            if former and former is not self._root:
                former.close()

    def lost(self, gone: StudentGone) -> tuple[Status, str]:
        """Give up the running process; why it was lost, as a status and in words."""
        died, ended = str(gone).endswith("ended"), self.drop()
        self.worker.send("why", died, ended)
        limit, code = self.worker.receive()
        status, how = _WHY.get(limit, (gone.status, ""))
        if died and not how:
            how = _how_it_ended(code if ended is None else ended)
        return status, f"the student's code {how}" if how else str(gone)

    def _start(self) -> Link:
        began = time.monotonic()
        self.worker.send("student")
        _note, sock = receive_socket(self.worker.sock)
        self._grant(time.monotonic() - began)
        if sock is None:
            raise WireClosed("the grading process is gone")
        self._root = Link(Channel(sock))
        return self._root

    def _fork(self, base: Link) -> Link | None:
        try:
            return base.fork(FORK_SECONDS)
        except (StudentGone, StudentError):  # a fork may be refused over there
            self._base = None
            return None

    def _catch_up(self, link: Link, done: int) -> None:
        """Run the cells since `done` again; one that ran before but ends the process now is left out."""
        cells, self._cells = self._cells, self._cells[:done]
        for number, cell in enumerate(cells[done:], done):
            try:
                self._run(link, cell)
            except StudentGone as gone:
                self.lost(gone)
                self._cells = [*cells[:number], *cells[number + 1 :]]
                return
            self._cells.append(cell)


def _how_it_ended(code: Any) -> str:
    """What an exit code says, in words; it is the student's side that tells it."""
    if type(code) is not int or not -64 <= code <= 255:
        return ""
    return (
        f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended the process (exit code {code})"
    )
