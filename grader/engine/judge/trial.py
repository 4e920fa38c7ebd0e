"""One submission's notebook, cell by cell: student cells over there, test cells here in the judge.

The notebook falls into questions: cells up to and including a run of test cells. A cell or a test that ends
or hangs the student's process costs itself, and its question the tests that are left; what follows goes on
from the state before it (see `lineage`).
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import asdict

from grader.engine.judge import seeds
from grader.engine.judge.allowance import Allowance, Use
from grader.engine.judge.checkpoints import Lineage
from grader.engine.judge.client import Cell
from grader.engine.judge.failures import Failures
from grader.engine.judge.handles import StudentGone, TooLong
from grader.engine.judge.inside import Inside
from grader.engine.judge.lending import Lender, Loan
from grader.engine.judge.link import Link
from grader.engine.judge.students_text import StudentsText
from grader.engine.judge.testcell import Outcome
from grader.engine.judge.tester import Tester
from grader.engine.wire.outputs import admitted
from grader.engine.wire.random_state import seed_all
from grader.notebook.students_part import students_part
from grader.records import Limits, Place, Status, Verdict

NOT_REACHED = "the notebook's time was used up before this test"
LENDING_TRIES = 2
OUTPUT_CELLS = 4  # the outputs of a notebook may be so many times those of a cell


def by_question(cells: list[Cell]) -> Iterator[list[Cell]]:
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
    """The run of one notebook. `worker` leads to the grading process: verdicts out, student processes in.

    lost: what ended or hung the judge itself in a former trial, each with the reason: test cells by their
    grade_id, a student's cells by their index.
    only: the test cells to run; all of them when it is empty. places: where those run that do not run here.
    """

    def __init__(
        self, bench, worker, cells, limits: Limits, seed: int, lost: dict[str | int, str], only, places
    ):
        self.bench, self.worker, self.cells, self.limits, self.lost = bench, worker, cells, limits, lost
        self.seed, self.tests = seed, [name for name in bench.tests if name in only or not only]
        self.sources = _sources(bench, cells)
        self.tester = Tester(bench, seeds.visible(seed))
        self.whole = Allowance(limits.notebook_seconds, self._use)
        self.lineage, self.lender = Lineage(worker, self._run_there, self.whole.grant), Lender()
        self.inside, self.failures = Inside(bench.plan, self.lineage, places), Failures()
        self.max_chars = limits.output_kb << 10
        self.left = OUTPUT_CELLS * self.max_chars
        self.count, self.texts = 0, StudentsText()
        self.short: set[str] = set()  # test cells that gave less than their points

    def run(self) -> None:
        os.environ["GRADER_SEED"] = str(seeds.hidden(self.seed))
        seed_all(seeds.visible(self.seed))
        name, library = self.bench.library_name, self.bench.library
        if name and any(name in source for source in self.sources.values()):
            self._lend(self.lender.loan(library, library, name))
        for question in by_question(self.cells):
            self._question(question)
        reached = {cell.grade_id for cell in self.cells}
        for grade_id in self.tests:
            if grade_id not in reached:
                self._judge(Cell(-1, "", "test", grade_id))

    def _question(self, question: list[Cell]) -> None:
        lost: Verdict | None = None
        if question[-1].grade_id:
            self.lineage.checkpoint()
        for cell in question:
            if self.whole.extended() < time.monotonic():
                self._skip(cell)
            elif not cell.grade_id:
                self._run_once(cell)
            elif lost or cell.grade_id in self.lost:
                lost = lost or Verdict("", Status.TIMED_OUT, 0.0, self.lost[cell.grade_id])
                self._tell(cell, Verdict(cell.grade_id, lost.status, 0.0, lost.cause))
            elif cell.grade_id in self.tests:
                verdict = self._judge(cell)
                lost = verdict if verdict.status not in (Status.COMPLETED, Status.NOT_GRADED) else None
        self._lend_answers([cell.grade_id for cell in question if cell.grade_id in self.short])

    # Cells of the student's process

    def _run_once(self, cell: Cell) -> None:
        if cell.index in self.lost:
            self._report(cell, [_error_output(Status.TIMED_OUT, self.lost[cell.index])], False)
        elif self.sources[cell.index].strip():  # else the instructor's, and nothing that an answer needs
            self.worker.send("run", cell.index)
            self._run(cell)

    def _run(self, cell: Cell) -> None:
        self.count += 1
        try:
            claimed, dropped = self._run_on(cell)
            self.texts.add(self.sources[cell.index])
            outputs, overflowed = admitted(claimed, self._room())
        except StudentGone as gone:
            outputs, overflowed, dropped = [_error_output(*self._lost(gone))], False, False
        self.failures.add(cell.source, outputs)
        self._report(cell, outputs, dropped or overflowed)

    def _run_on(self, cell: Cell) -> tuple[list, bool]:
        with self.lineage as link:
            ran = self._run_there(link, cell)
        self.lineage.ran(cell)
        return ran

    def _run_there(self, link: Link, cell: Cell | Loan) -> tuple[list, bool]:
        allowance = self._allowance()
        link.start_cell(allowance.deadline, allowance.extended)
        if isinstance(cell, Loan):
            link.lend(cell.functions, cell.module)
            return [], False
        source = self.sources.get(cell.index, cell.source)
        _ran, claimed, dropped = link.run_cell(source, self.count, self.max_chars)
        return claimed, dropped

    def _lend(self, loan: Loan) -> None:
        for _ in range(LENDING_TRIES if loan.functions else 0):
            try:
                with self.lineage as link:
                    self._run_there(link, loan)
                return self.lineage.ran(loan)
            except StudentGone as gone:  # a process on its way out: the next one starts from the cells before
                self._lost(gone)

    def _lend_answers(self, grade_ids: list[str]) -> None:
        """For the questions to come: the reference's functions where the student's lost points."""
        for grade_id in grade_ids if self.bench.lends else ():
            compiled = self.bench.tests[grade_id]
            owned = self.tester.reference.before(compiled)
            self._lend(self.lender.loan(compiled.test.answers, owned))

    def _lost(self, gone: StudentGone) -> tuple[Status, str]:
        return self.lineage.lost(gone) if self.lineage.link else (gone.status, str(gone))

    def _allowance(self) -> Allowance:
        """For one cell or one test: what it may take, as far as the whole notebook's is not used up."""
        if self.whole.left < self.limits.cell_seconds:
            self.whole.renew()
        return Allowance(max(min(self.limits.cell_seconds, self.whole.left), 0.0), self._use)

    def _use(self, since: float) -> Use:
        self.worker.send("use", since)
        cpu, lost, busy = self.worker.receive()
        return cpu, lost, busy

    def _room(self) -> int:
        return max(0, min(self.max_chars, self.left))

    # Test cells

    def _judge(self, cell: Cell) -> Verdict:
        self.worker.send("test", cell.grade_id)
        self.count += 1
        began = time.monotonic()
        outcome, shown = self._outcome(cell.grade_id)
        outcome = self.failures.explained(outcome)
        status, cause = Status.COMPLETED, outcome.cause
        if outcome.lost is Status.NOT_GRADED:
            status = Status.NOT_GRADED
        elif outcome.lost:
            status, cause = self._lost(StudentGone(cause, outcome.lost))
        cause = " ".join(filter(None, (cause, self.lender.called())))
        told = (outcome.hint, outcome.checks, outcome.detail, self.inside.place(cell.grade_id))
        verdict = Verdict(cell.grade_id, status, outcome.points, cause, *told, time.monotonic() - began)
        self._tell(cell, verdict, shown)
        if status is Status.COMPLETED:
            self._leave_behind(cell.grade_id)
        if verdict.points != self.bench.tests[cell.grade_id].test.max_points:
            self.short.add(cell.grade_id)
        return verdict

    def _outcome(self, grade_id: str) -> tuple[Outcome, list]:
        try:
            if self.inside.place(grade_id) is not Place.OUTSIDE:
                return self.inside.outcome(grade_id, self._allowance(), self.count, self._room())
            with self.lineage as link:
                link.texts = self.texts
                return self.tester.outcome(self.bench.tests[grade_id], link, self._allowance(), self._room())
        except StudentGone as gone:
            return Outcome(0.0, str(gone), lost=gone.status), []
        except TooLong as late:
            return Outcome(0.0, str(late), lost=Status.TIMED_OUT), []

    def _leave_behind(self, grade_id: str) -> None:
        """Let the student's process have what later cells need of a test that ran elsewhere."""
        source = self.inside.left_behind.get(grade_id)
        if source:
            try:
                self._run_on(Cell(-1, source))
            except StudentGone as gone:
                self._lost(gone)

    def _skip(self, cell: Cell) -> None:
        if cell.grade_id:
            self._tell(cell, Verdict(cell.grade_id, Status.TIMED_OUT, 0.0, NOT_REACHED))
        else:
            self._report(cell, [_error_output(Status.TIMED_OUT, NOT_REACHED)], False)

    # Reports

    def _tell(self, cell: Cell, verdict: Verdict, shown: list | None = None) -> None:
        self._report(cell, (shown or []) + self._score_output(verdict), False, asdict(verdict))

    def _report(self, cell: Cell, outputs: list, overflowed: bool, verdict: dict | None = None) -> None:
        self.left -= sum(len(str(output)) for output in outputs)
        self.worker.send("cell", cell.index, outputs, self.count, overflowed, verdict)

    def _score_output(self, verdict: Verdict) -> list[dict]:
        """The output from which nbgrader reads the score of a test cell; full marks need none."""
        compiled = self.bench.tests.get(verdict.grade_id)
        if compiled is None or verdict.points == compiled.test.max_points:
            return []
        if not verdict.points and verdict.cause:
            return [_error_output(verdict.status, verdict.cause)]
        data = {"text/plain": repr(float(verdict.points or 0.0))}
        return [
            {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": self.count}
        ]


def _sources(bench, cells: list[Cell]) -> dict[int, str]:
    """What to run of each cell in the student's process, by the cell's index."""
    own = [cell for cell in cells if not cell.grade_id]
    parts = students_part(bench.plan, [(cell.kind, cell.source) for cell in own])
    return {cell.index: part for cell, part in zip(own, parts, strict=True)}


def _error_output(status: Status, message: str) -> dict:
    name = "NoPoints" if status is Status.COMPLETED else "".join(word.capitalize() for word in status.split())
    return {"output_type": "error", "ename": name, "evalue": message, "traceback": [f"{name}: {message}"]}
