"""One submission's notebook, cell by cell: student cells over there, test cells here in the judge.

The notebook falls into questions: cells up to and including a run of test cells. A cell or a test that ends
or hangs the student's process costs itself, and its question what is left of it; the state before it is
brought back by running the earlier cells again in a fresh process.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from grader.handles import StudentGone
from grader.link import Link
from grader.mistakes import Reference, recognise
from grader.outputs import Stream, admitted
from grader.plan import TestCell
from grader.randomness import seed_all
from grader.records import Limits, Status, Verdict
from grader.testcell import Alarm, Compiled, Outcome, Run, TooLong, least
from grader.wire import Channel, receive_socket

NOT_REACHED = "the notebook's time was used up before this test"
FORK_SECONDS = 3.0  # to fork or to end a student process
OUTPUT_CELLS = 4  # the outputs of a notebook may be so many times those of a cell
_WHY = {
    b"m": (Status.OUT_OF_MEMORY, "used more memory than allowed"),
    b"c": (Status.TIMED_OUT, "used up its time"),
}


@dataclass(frozen=True)
class Cell:
    """A code cell of the student's notebook; `grade_id` is that of a test cell, otherwise empty."""

    index: int
    source: str
    grade_id: str = ""


def questions(cells: list[Cell]) -> Iterator[list[Cell]]:
    """The cells in runs that end with their test cells."""
    question: list[Cell] = []
    for cell in cells:
        if question and question[-1].grade_id and not cell.grade_id:
            yield question
            question = []
        question.append(cell)
    if question:
        yield question


class Trial:
    """The run of one notebook. `worker` leads to the grading process: verdicts out, student processes in."""

    def __init__(self, bench, worker, cells: list[Cell], limits: Limits, seed: int, lost: dict[str, str]):
        self.bench, self.worker, self.cells, self.limits = bench, worker, cells, limits
        own = [cell for cell in cells if not cell.grade_id]
        parts = bench.plan.students_part([cell.source for cell in own])
        self._parts = {cell.index: part for cell, part in zip(own, parts, strict=True)}
        self.seed, self.lost = seed, lost
        self.reference: Reference | None = None
        self.names: dict[str, Any] = bench.names
        self.room = limits.output_kb << 10
        self.left = OUTPUT_CELLS * self.room
        self.end = time.monotonic() + limits.notebook_seconds
        self.root: Link | None = None  # the first process, which all others descend from
        self.base: Link | None = None  # the process that keeps the state before the question
        self.link: Link | None = None  # the process that runs
        self._count = self._step = self._done = 0
        self._kept: list[Cell] = []

    def run(self) -> None:
        os.environ["GRADER_SEED"] = str(self.seed)
        for question in questions(self.cells):
            self._question(question)
        reached = {cell.grade_id for cell in self.cells}
        for grade_id in self.bench.tests:
            if grade_id not in reached:
                self._judge(Cell(-1, "", grade_id))

    def _question(self, question: list[Cell]) -> None:
        lost: Verdict | None = None
        if self.root and question[-1].grade_id:
            self._checkpoint()
        for cell in question:
            if time.monotonic() > self.end:
                self._skip(cell)
            elif not cell.grade_id:
                self._run(cell)
            elif lost:
                self._tell(cell, Verdict(cell.grade_id, lost.status, 0.0, lost.cause))
            elif cell.grade_id in self.lost:
                lost = Verdict(cell.grade_id, Status.TIMED_OUT, 0.0, self.lost[cell.grade_id])
                self._tell(cell, lost)
            else:
                verdict = self._judge(cell)
                lost = verdict if self.link is None else None

    # Cells of the student's process

    def _run(self, cell: Cell) -> None:
        if not self._parts[cell.index].strip():
            return  # the instructor's, and nothing that the student's cells need
        self._count += 1
        try:
            self._ensure_student()
            outputs, overflowed = self._run_there(cell)
        except StudentGone as gone:
            outputs, overflowed = [_error_output(*self._reason(gone))], False
        self._report(cell, outputs, overflowed)

    def _run_there(self, cell: Cell) -> tuple[list, bool]:
        self.link.start_cell(self._deadline())
        _ran, claimed, dropped = self.link.run_cell(self._parts[cell.index], self._count, self.room)
        self._kept.append(cell)
        outputs, overflowed = admitted(claimed, min(self.room, self.left))
        return outputs, dropped or overflowed

    def _ensure_student(self) -> None:
        """A student process in the state after the cells that ran so far."""
        while self.link is None:
            self.link, done = (self._fork(), self._done) if self.base else (self._new_student(), 0)
            kept, self._kept = self._kept, self._kept[:done]
            try:
                for cell in kept[done:]:
                    self._run_there(cell)
            except StudentGone as gone:  # it ran before, but not again: leave it out from now on
                self._reason(gone)
                self._kept = [c for c in kept if c is not kept[len(self._kept)]]

    def _new_student(self) -> Link:
        self.worker.send("student")
        _note, sock = receive_socket(self.worker.sock)
        if sock is None:
            raise SystemExit("the grading process is gone")
        seed_all(self.seed)
        self.root = Link(Channel(sock))
        return self.root

    def _checkpoint(self) -> None:
        """Keep the present state, to come back to when the question that begins ends its process."""
        with contextlib.suppress(StudentGone):
            self._ensure_student()
            former, self.base = self.base, self.link
            self.link, self._done = self._fork(), len(self._kept)
            if former and former is not self.root:
                former.close()

    def _fork(self) -> Link | None:
        try:
            return self.base.fork(FORK_SECONDS)
        except StudentGone:
            self.base = None
            return None

    def _reason(self, gone: StudentGone) -> tuple[Status, str]:
        """Why the student's process was lost; it is given up, and the state before the question taken up."""
        self.link.close()
        self.link, ended = None, None
        if self.base:
            try:
                ended = self.base.back(FORK_SECONDS)
            except StudentGone:
                self.base = None
        self.worker.send("why")
        note, _ = receive_socket(self.worker.sock)
        status, how = _WHY.get(note, (Status(gone.status), ""))
        how = how or (_how_it_ended(ended) if str(gone).endswith("ended") else "")
        return status, f"the student's code {how}" if how else str(gone)

    def _deadline(self) -> float:
        return min(time.monotonic() + self.limits.cell_seconds, self.end)

    # Test cells

    def _judge(self, cell: Cell) -> Verdict:
        compiled = self.bench.tests.get(cell.grade_id)
        if compiled is None:
            self._report(cell, [], False)
            return Verdict(cell.grade_id, Status.COMPLETED, None)
        self.worker.send("test", cell.grade_id)
        self._count += 1
        try:
            self._ensure_student()
            outcome, shown = self._outcome(compiled)
        except StudentGone as gone:
            outcome, shown = Outcome(0.0, str(gone), lost=gone.status), []
        except TooLong as late:
            outcome, shown = Outcome(0.0, str(late), lost="timed out"), []
        verdict = self._verdict(cell.grade_id, outcome)
        self._tell(cell, verdict, shown)
        return verdict

    def _outcome(self, compiled: Compiled) -> tuple[Outcome, list]:
        """The outcome of a test cell, by one run or by two (see `testcell`)."""
        deadline, link = self._deadline(), self.link
        link.start_cell(deadline)
        with Alarm(deadline - time.monotonic()):
            self._bind(compiled.test)
            self._run_plain(compiled)
        before = dict(self.names)
        outcome, shown = self._run_test(compiled, compiled.test.in_place, deadline)
        last = outcome
        if link.changes and not compiled.test.in_place and outcome.points and not outcome.lost:
            changed_by = link.changes[0]
            self.names.clear()
            self.names.update(before)
            link.start_cell(deadline)
            self._bind(compiled.test)
            last, _ = self._run_test(compiled, True, deadline)
            outcome = least(outcome, last, changed_by)
        return replace(outcome, hint=self._hint(last, compiled, before)), shown

    def _hint(self, outcome: Outcome, compiled: Compiled, before: dict) -> str:
        known = self.bench.mistakes.get(compiled.test.grade_id, ())
        if not known or outcome.lost or outcome.points == compiled.test.max_points:
            return ""
        self.reference = self.reference or Reference(self.bench.reference)
        local = Run(compiled, before, self.bench.shell.display_pub)
        return recognise(outcome, local, self.reference, known, self.seed)

    def _run_test(self, compiled: Compiled, let_in: bool, deadline: float) -> tuple[Outcome, list]:
        seed_all(self.seed)
        self.link.let_in = let_in
        run = Run(compiled, self.names, self.bench.shell.display_pub)
        listener = Listener(self, run)
        with listener:
            outcome = run.outcome(deadline - time.monotonic())
        return outcome, listener.shown if not outcome.lost else []

    def _bind(self, test: TestCell) -> None:
        """Give the test the names that the student's cells define, and no other value for them."""
        found = self.link.names(sorted(test.remote))
        for name in test.remote:
            self.names.pop(name, None)
        self.names.update(found)

    def _run_plain(self, compiled: Compiled) -> None:
        """The plain statements of the instructor's that stand before this test and did not run yet."""
        here = self.bench.steps.index(compiled)
        for step in self.bench.steps[self._step : here]:
            if not isinstance(step, Compiled):
                with contextlib.suppress(Exception):  # the test will miss what is not there
                    exec(step, self.names)
        self._step = max(self._step, here)

    def _verdict(self, grade_id: str, outcome: Outcome) -> Verdict:
        status, cause = Status.COMPLETED, outcome.cause
        if outcome.lost and self.link:
            status, cause = self._reason(StudentGone(cause, outcome.lost))
        return Verdict(grade_id, status, outcome.points, cause, outcome.hint, outcome.checks, outcome.detail)

    def _skip(self, cell: Cell) -> None:
        if cell.grade_id:
            self._tell(cell, Verdict(cell.grade_id, Status.TIMED_OUT, 0.0, NOT_REACHED))
        else:
            self._report(cell, [_error_output(Status.TIMED_OUT, NOT_REACHED)], False)

    # Reports

    def _tell(self, cell: Cell, verdict: Verdict, shown: list | None = None) -> None:
        self.worker.send("verdict", asdict(verdict))
        self._report(cell, (shown or []) + _result_outputs(verdict, self.bench, self._count), False)

    def _report(self, cell: Cell, outputs: list, overflowed: bool) -> None:
        self.left -= sum(len(str(output)) for output in outputs)
        self.worker.send("cell", cell.index, outputs, self._count, overflowed)


class Listener:
    """While a test cell runs: collects what it and the student's code show outside of hidden tests."""

    def __init__(self, trial: Trial, run: Run):
        self.trial, self.run, self.shown = trial, run, []
        self._hidden = False
        self._recorder = trial.bench.shell.recorder

    def __enter__(self) -> None:
        self._recorder.room = self.trial.room
        self._recorder.start()
        self.trial.link.on_call = self._before_call
        self._streams = contextlib.ExitStack()
        self._streams.enter_context(contextlib.redirect_stdout(Stream(self._recorder, "stdout")))
        self._streams.enter_context(contextlib.redirect_stderr(Stream(self._recorder, "stdout")))

    def __exit__(self, *_why) -> None:
        self._streams.close()
        with contextlib.suppress(StudentGone):
            self._collect()
        self.trial.link.on_call = lambda: None

    def _before_call(self) -> None:
        hidden = self.run.in_hidden()
        if hidden != self._hidden:
            self._collect()
            self._hidden = hidden

    def _collect(self) -> None:
        """Take what was shown since the last time: keep it, or drop it when a hidden test was running."""
        trial = self.trial
        trial.link.on_call = lambda: None
        claimed, _ = trial.link.outputs(trial.room)
        own, _ = self._recorder.take()
        trial.link.on_call = self._before_call
        if not self._hidden:
            outputs, _ = admitted(claimed, min(trial.room, trial.left))
            self.shown += [_as_stdout(output) for output in outputs] + own


def _how_it_ended(code: Any) -> str:
    """What an exit code says, in words; it is the student's side that tells it."""
    if type(code) is not int or not -64 <= code <= 255:
        return ""
    return (
        f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended the process (exit code {code})"
    )


def _as_stdout(output: dict) -> dict:
    """What a test cell shows must be neither an error nor a result but the test's own."""
    if output["output_type"] == "stream":
        return output | {"name": "stdout"}
    if output["output_type"] == "error":
        return {"output_type": "stream", "name": "stdout", "text": "\n".join(output["traceback"])}
    return {"output_type": "display_data", "data": output["data"], "metadata": {}}


def _error_output(status: Status, message: str) -> dict:
    name = "".join(word.capitalize() for word in str(status).split())
    return {"output_type": "error", "ename": name, "evalue": message, "traceback": [f"{name}: {message}"]}


def _result_outputs(verdict: Verdict, bench, count: int) -> list[dict]:
    """The output from which nbgrader reads the score of this cell."""
    compiled = bench.tests.get(verdict.grade_id)
    if verdict.points is None or compiled is None or verdict.points == compiled.test.max_points:
        return []
    if not verdict.points and verdict.cause:
        return [_error_output(verdict.status, verdict.cause)]
    text = repr(float(verdict.points))
    data = {"text/plain": text}
    return [{"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": count}]
