"""The verdict on one test cell of a submission: where the test runs, how long, and what it leaves behind."""

from __future__ import annotations

import time
from functools import partial

from grader.engine.judge import seeds
from grader.engine.judge.allowance import Allowance
from grader.engine.judge.bench import Bench
from grader.engine.judge.inside import InsideTests
from grader.engine.judge.lending import Lender
from grader.engine.judge.outcome import Outcome
from grader.engine.judge.plain_statements import run_plain_before
from grader.engine.judge.reports import Reports
from grader.engine.judge.student_cells import StudentCells
from grader.engine.judge.student_errors import StudentGone, TooLong
from grader.engine.judge.tester import Tester
from grader.engine.judge.trusted_channel import StudentCell, TrustedChannel
from grader.records import Place, Status, Verdict


class Verdicts:
    """Of one trial. `reference` has our answers; places: where those tests run that do not run here."""

    def __init__(
        self,
        bench: Bench,
        worker: TrustedChannel,
        student: StudentCells,
        reports: Reports,
        lender: Lender,
        places: dict[str, Place],
        seed: int,
    ):
        self._bench, self._worker, self._student = bench, worker, student
        self._reports, self._lender = reports, lender
        self._tester = Tester(bench, seeds.visible(seed))
        self._inside = InsideTests(bench.plan, student.checkpoints, places)
        self.reference = self._tester.reference

    def of(self, cell: StudentCell) -> Verdict:
        """Run the test and report it."""
        self._worker.send("test", cell.grade_id)
        self._reports.count += 1
        began = time.monotonic()
        outcome, shown = self._outcome(cell.grade_id)
        verdict = self._verdict(cell.grade_id, self._student.failures.explained(outcome), began)
        self._reports.judged(cell, verdict, shown)
        self._student.overtime.note(cell, self._bench.tests[cell.grade_id].test.source, verdict.status)
        if verdict.status is Status.COMPLETED:
            self._leave_behind(cell.grade_id)
        return verdict

    def _verdict(self, grade_id: str, outcome: Outcome, began: float) -> Verdict:
        status, cause = outcome.lost or Status.COMPLETED, outcome.cause
        if outcome.lost and outcome.lost is not Status.NOT_GRADED:
            status, cause = self._student.lost(StudentGone(cause, outcome.lost))
        cause = " ".join(filter(None, (cause, self._lender.called())))
        rest = (outcome.hint, outcome.checks, outcome.detail, self._inside.place(grade_id))
        return Verdict(grade_id, status, outcome.points, cause, *rest, time.monotonic() - began)

    def _outcome(self, grade_id: str) -> tuple[Outcome, list]:
        compiled, reports = self._bench.tests[grade_id], self._reports
        source = compiled.test.source
        try:
            if self._inside.place(grade_id) is not Place.OUTSIDE:
                own = self._student.allowance(source)
                return self._inside.outcome(grade_id, own, reports.count, reports.max_more)
            allow = partial(self._allowance, grade_id)
            run_plain_before(compiled, self._tester, self._student, allow)
            with self._student.checkpoints as link:
                link.texts = self._student.texts
                return self._tester.outcome(compiled, link, partial(allow, source), reports.max_more)
        except StudentGone as gone:
            return Outcome(0.0, str(gone), lost=gone.status), []
        except TooLong as late:
            return Outcome(0.0, str(late), lost=Status.TIMED_OUT), []

    def _allowance(self, grade_id: str, source: str) -> Allowance:
        """The time that a test, or a plain cell that stands before it, may take from now on."""
        self._worker.send("test", grade_id)
        return self._student.allowance(source)

    def _leave_behind(self, grade_id: str) -> None:
        """Let the student's process have what later cells need of a test that ran elsewhere."""
        source = self._inside.left_behind.get(grade_id)
        if source:
            try:
                self._student.run_on(StudentCell(-1, source))
            except StudentGone as gone:
                self._student.lost(gone)
