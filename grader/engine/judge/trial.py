"""One submission's notebook, cell by cell: student cells over there, test cells here in the judge.

The notebook falls into questions: cells up to and including a run of test cells. A cell or a test that ends
or hangs the student's process costs itself, and its question the tests that are left; what follows goes on
from the state before it (see `checkpoints`).
"""

from __future__ import annotations

import os
import time
from functools import partial

from grader.engine.judge import seeds
from grader.engine.judge.allowance import Allowance
from grader.engine.judge.bench import Bench
from grader.engine.judge.cell_order import as_far_as, by_question
from grader.engine.judge.inside import InsideTests
from grader.engine.judge.lending import Lender
from grader.engine.judge.outcome import Outcome
from grader.engine.judge.plain_statements import run_plain_before
from grader.engine.judge.reports import Reports
from grader.engine.judge.student_cells import StudentCells
from grader.engine.judge.student_errors import StudentGone, TooLong
from grader.engine.judge.tester import Tester
from grader.engine.judge.trusted_channel import StudentCell, TrustedChannel
from grader.engine.wire.random_state import seed_all
from grader.records import Limits, Place, Status, Verdict

NOT_REACHED = "the notebook's time was used up before this test"


class Trial:
    """The run of one notebook. `worker` leads to the grading process: verdicts out, student processes in.

    lost: what ended or hung the judge itself in a former trial, each with the reason: test cells by their
    grade_id, a student's cells by their index.
    only: the test cells to run, and no cell after the last of them; all when it is empty. short: those of the
    others that gave less than their points in an earlier trial. places: where those run that do not run here.
    """

    def __init__(
        self,
        bench: Bench,
        worker: TrustedChannel,
        cells: list[StudentCell],
        limits: Limits,
        seed: int,
        lost: dict[str | int, str],
        only: list[str],
        short: list[str],
        places: dict[str, Place],
    ):
        self.bench, self.worker, self.lost, self.seed = bench, worker, lost, seed
        self.cells = as_far_as(only, cells)
        self.tests = [name for name in bench.tests if name in only or not only]
        self.points = {name: compiled.test.max_points for name, compiled in bench.tests.items()}
        self.reports = Reports(worker, limits.output_kb << 10, self.points)
        self.student = StudentCells(bench.plan, worker, self.cells, limits, self.reports)
        self.tester, self.lender = Tester(bench, seeds.visible(seed)), Lender()
        self.inside = InsideTests(bench.plan, self.student.checkpoints, places)
        self.short = set(short)  # test cells that gave less than their points

    def run(self) -> None:
        self.begin()
        self.run_cells(self.cells)
        reached = {cell.grade_id for cell in self.cells}
        for grade_id in self.tests:
            if grade_id not in reached:
                self._judge(StudentCell(-1, "", "test", grade_id))

    def begin(self) -> None:
        """Seed the draws, lend the library where a cell speaks of it."""
        os.environ["GRADER_SEED"] = str(seeds.hidden(self.seed))
        seed_all(seeds.visible(self.seed))
        library = self.bench.library
        if self.speaks_of_library(self.student.sources):
            self.student.lend(self.lender.loan(library, library, self.bench.library_name))

    def speaks_of_library(self, sources: dict[int, str]) -> bool:
        name = self.bench.library_name
        return bool(name) and any(name in source for source in sources.values())

    def run_cells(self, cells: list[StudentCell]) -> None:
        for question in by_question(cells):
            self._question(question)

    def _question(self, question: list[StudentCell]) -> None:
        lost: Verdict | None = None
        if question[-1].grade_id:
            self.student.checkpoints.checkpoint()
        for cell in question:
            if self.student.whole.extended() < time.monotonic():
                self._skip(cell)
            elif not cell.grade_id:
                self._run(cell)
            elif lost or cell.grade_id in self.lost:
                lost = lost or Verdict("", Status.TIMED_OUT, 0.0, self.lost[cell.grade_id])
                self.reports.judged(cell, Verdict(cell.grade_id, lost.status, 0.0, lost.cause))
            elif cell.grade_id in self.tests:
                verdict = self._judge(cell)
                lost = verdict if verdict.status not in (Status.COMPLETED, Status.NOT_GRADED) else None
            else:
                self.lender.called()  # which that test would have told of
        self._lend_answers([cell.grade_id for cell in question if cell.grade_id in self.short])

    def _run(self, cell: StudentCell) -> None:
        if cell.index in self.lost:
            self.reports.failed(cell, Status.TIMED_OUT, self.lost[cell.index])
        else:
            self.student.run(cell)

    def _skip(self, cell: StudentCell) -> None:
        if cell.grade_id:
            self.reports.judged(cell, Verdict(cell.grade_id, Status.TIMED_OUT, 0.0, NOT_REACHED))
        else:
            self.reports.failed(cell, Status.TIMED_OUT, NOT_REACHED)

    def _lend_answers(self, grade_ids: list[str]) -> None:
        """For the questions to come: the reference's functions where the student's lost points."""
        for grade_id in grade_ids if self.bench.lends else ():
            compiled = self.bench.tests[grade_id]
            owned = self.tester.reference.before(compiled)
            self.student.lend(self.lender.loan(compiled.test.answers, owned))

    def _judge(self, cell: StudentCell) -> Verdict:
        self.worker.send("test", cell.grade_id)
        self.reports.count += 1
        began = time.monotonic()
        outcome, shown = self._outcome(cell.grade_id)
        verdict = self._verdict(cell.grade_id, self.student.failures.explained(outcome), began)
        self.reports.judged(cell, verdict, shown)
        self.student.overtime.note(cell, self.bench.tests[cell.grade_id].test.source, verdict.status)
        if verdict.status is Status.COMPLETED:
            self._leave_behind(cell.grade_id)
        if verdict.points != self.points[cell.grade_id]:
            self.short.add(cell.grade_id)
        return verdict

    def _verdict(self, grade_id: str, outcome: Outcome, began: float) -> Verdict:
        status, cause = outcome.lost or Status.COMPLETED, outcome.cause
        if outcome.lost and outcome.lost is not Status.NOT_GRADED:
            status, cause = self.student.lost(StudentGone(cause, outcome.lost))
        cause = " ".join(filter(None, (cause, self.lender.called())))
        rest = (outcome.hint, outcome.checks, outcome.detail, self.inside.place(grade_id))
        return Verdict(grade_id, status, outcome.points, cause, *rest, time.monotonic() - began)

    def _outcome(self, grade_id: str) -> tuple[Outcome, list]:
        compiled, reports = self.bench.tests[grade_id], self.reports
        source = compiled.test.source
        try:
            if self.inside.place(grade_id) is not Place.OUTSIDE:
                own = self.student.allowance(source)
                return self.inside.outcome(grade_id, own, reports.count, reports.max_more)
            allow = partial(self._allowance, grade_id)
            run_plain_before(compiled, self.tester, self.student, allow)
            with self.student.checkpoints as link:
                link.texts = self.student.texts
                return self.tester.outcome(compiled, link, partial(allow, source), reports.max_more)
        except StudentGone as gone:
            return Outcome(0.0, str(gone), lost=gone.status), []
        except TooLong as late:
            return Outcome(0.0, str(late), lost=Status.TIMED_OUT), []

    def _allowance(self, grade_id: str, source: str) -> Allowance:
        """The time that a test, or a plain cell that stands before it, may take from now on."""
        self.worker.send("test", grade_id)
        return self.student.allowance(source)

    def _leave_behind(self, grade_id: str) -> None:
        """Let the student's process have what later cells need of a test that ran elsewhere."""
        source = self.inside.left_behind.get(grade_id)
        if source:
            try:
                self.student.run_on(StudentCell(-1, source))
            except StudentGone as gone:
                self.student.lost(gone)
