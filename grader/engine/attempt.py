"""One attempt at a notebook: a trial in the judge, student processes for it, outputs and verdicts from it."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable
from typing import TYPE_CHECKING

from grader.engine.doubts import STOPPED, Doubts
from grader.engine.judge.client import Judge
from grader.engine.judge.trusted_channel import TrustedChannel
from grader.engine.judge_clock import JudgeClock
from grader.engine.sandbox.student_process import Disturbance
from grader.engine.student_processes import Starter, StudentProcesses
from grader.engine.wire.channel import WireClosed, WireTimeout, send_socket
from grader.errors import CourseError
from grader.records import USUAL, Check, Limits, Place, Reach, Status, Verdict

if TYPE_CHECKING:
    from nbformat import NotebookNode

TOO_BUSY = 20  # time limits that a cell may lose to others before we give up

LATE = "the test did not end in time"
CELL_LATE = "the cell kept the grader busy beyond its time"
CRASHED = "the judge's process ended"


class Attempt:
    """A trial in `judge`, whose outputs go into `notebook`; a context manager that leaves nothing running."""

    def __init__(self, judge: Judge, notebook: NotebookNode, limits: Limits, doubts: Doubts, start: Starter):
        self._judge, self._limits, self._doubts = judge, limits, doubts
        self.students = StudentProcesses(start)  # for what the judge asks them
        self.notebook = notebook
        self.verdicts: dict[str, Verdict] = {}
        self.judge_seconds = 0.0
        self.reach = USUAL
        self.overflowed, self.testing, self._reported = False, "", -1
        self.running: int | None = None  # the index of the student's cell that the judge was last busy with

    def __enter__(self) -> Attempt:
        self._doubts.begin()
        self._channel, self._pid, problem = self._judge.start_trial()
        if problem:
            raise CourseError(problem, file=self._judge.file, remedy="run `grader check`")
        self._clock = JudgeClock(self._pid, self._channel.frames, self._limits.cell_seconds)
        return self

    def __exit__(self, *_why: object) -> None:
        self._channel.sock.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        self.students.end()

    def run(self, ask: Callable[[TrustedChannel], None]) -> str:
        """Let the judge do what `ask` sends it; how a test lost the judge itself, or nothing.

        Raises Disturbance where that, or the end of a student process, may not be the student's doing.
        """
        try:
            ask(self._channel)
            while self._handle():
                pass
        except WireTimeout:
            return LATE if self.testing or self.running is None else CELL_LATE
        except WireClosed:
            return self._crash()
        return ""

    def _handle(self) -> bool:
        """One message of the judge; False at the end."""
        self._clock.await_message()
        kind, *fields = self._channel.receive()
        getattr(self, f"_on_{kind}")(*fields)
        return kind != "end"

    def _crash(self) -> str:
        """What a crash of the judge stands for: a kill is never a student's doing, a crash may be."""
        code = self._judge.ending(self._pid)
        if code == -signal.SIGKILL:
            raise Disturbance("the judge's process was killed")
        self._doubts.once(("judge", self.testing), CRASHED)
        return CRASHED

    # Messages of the judge

    def _on_student(self) -> None:
        send_socket(self._channel.sock, self.students.start())

    def _on_use(self, since: float) -> None:
        """Tell the submission's CPU seconds and seconds lost since that moment, whether it computes now."""
        use = self.students.use(since)
        if use and use.stopped:
            self._doubts.once(self._place(), STOPPED)
        if use and use.lost_seconds > TOO_BUSY * self._limits.cell_seconds:
            raise Disturbance("this machine was too busy; grade with fewer --jobs")
        self._channel.send(*((use.cpu_seconds, use.lost_seconds, use.busy) if use else (0.0, 0.0, False)))

    def _on_why(self, died: bool, claim: int | None) -> None:
        """Tell which limit ended a student process and its exit code, as far as they are known.

        died: it ended by itself; claim: the exit code that the process tells which stood by.
        """
        limit, code, near = self.students.ending()
        if died and not limit and (code if claim is None else claim) == -signal.SIGKILL:
            limit = self._doubts.killed(self._place(), near_memory=near)
        self._channel.send(limit, code)

    def _on_test(self, grade_id: str) -> None:
        self.testing = grade_id
        self._clock.restart()

    def _on_run(self, index: int) -> None:
        self.running = index
        self._clock.restart()

    def _on_cell(self, index: int, outputs: list, count: int, overflowed: bool, verdict: dict | None) -> None:
        self.overflowed |= overflowed
        if verdict:
            self._keep(verdict)
        if index >= 0:
            self._reported, self.running = index, None
            cell = self.notebook.cells[index]
            cell.outputs, cell.execution_count = _nodes(outputs), count

    def _on_reach(self, reach: dict) -> None:
        self.reach = Reach(**reach)

    def _on_end(self, seconds: float) -> None:
        self.judge_seconds += seconds

    def _keep(self, fields: dict) -> None:
        checks = tuple(Check(**check) for check in fields.pop("checks"))
        status, where = Status(fields.pop("status")), Place(fields.pop("where"))
        self.verdicts[fields["grade_id"]] = Verdict(**fields, status=status, checks=checks, where=where)
        self.testing = ""

    def _place(self) -> tuple[str, int]:
        """Where in the notebook we are: the test that runs, the cell that was done last."""
        return self.testing, self._reported


def _nodes(outputs: list[dict]) -> list:
    from nbformat import from_dict

    return [from_dict(output) for output in outputs]
