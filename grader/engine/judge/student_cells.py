"""The cells that one trial runs in the student's process: the student's own, and what is lent to them."""

from __future__ import annotations

from grader.engine.judge.allowance import Allowance, Use
from grader.engine.judge.checkpoints import Checkpoints
from grader.engine.judge.failures import Failures
from grader.engine.judge.lending import Loan
from grader.engine.judge.link import Link
from grader.engine.judge.overtime import Overtime
from grader.engine.judge.reports import Reports, error_output
from grader.engine.judge.student_errors import StudentGone
from grader.engine.judge.students_text import StudentsText
from grader.engine.judge.trusted_channel import StudentCell, TrustedChannel
from grader.engine.wire.admission import admitted
from grader.notebook.plan import Plan
from grader.notebook.students_part import students_part
from grader.records import Limits, Status

LENDING_TRIES = 2


class StudentCells:
    """`checkpoints` hold their process, `whole` is the time of the notebook; `texts` is what ran."""

    def __init__(
        self, plan: Plan, worker: TrustedChannel, cells: list[StudentCell], limits: Limits, reports: Reports
    ):
        self._plan, self._worker, self._limits, self._reports = plan, worker, limits, reports
        self.sources = self.sources_of(cells)
        self.whole = Allowance(limits.notebook_seconds, self._use)
        self.checkpoints = Checkpoints(worker, self._run_there, self.whole.grant)
        self.failures, self.texts = Failures(), StudentsText()
        self.overtime = Overtime(cells, {**plan.plain, **plan.demos})

    def sources_of(self, cells: list[StudentCell]) -> dict[int, str]:
        """What to run of each of these cells in the student's process, by the cell's index."""
        own = [cell for cell in cells if not cell.grade_id]
        parts = students_part(self._plan, [(cell.kind, cell.source) for cell in own])
        return {cell.index: part for cell, part in zip(own, parts, strict=True)}

    def run(self, cell: StudentCell) -> None:
        """Run one of the student's and report it; where nothing of it is to run, nothing is reported."""
        if not self.sources[cell.index].strip():  # the instructor's, and nothing that an answer needs
            return
        self._worker.send("run", cell.index)
        self._reports.count += 1
        try:
            claimed, dropped = self.run_on(cell)
            self.texts.add(self.sources[cell.index])
            outputs, overflowed = admitted(claimed, self._reports.max_more)
        except StudentGone as gone:
            status, how = self.lost(gone)
            self.overtime.note(cell, self.sources[cell.index], status)
            outputs, overflowed, dropped = [error_output(status, how)], False, False
        self.failures.add(cell.source, outputs)
        self._reports.ran(cell, outputs, dropped or overflowed)

    def run_on(self, cell: StudentCell | Loan) -> tuple[list, bool]:
        """Run a cell, which then belongs to the state: its outputs (claims), whether some were dropped."""
        source = self.sources.get(cell.index, "") if isinstance(cell, StudentCell) else ""
        with self.checkpoints as link:
            ran = self._run_there(link, cell, source)
        self.checkpoints.ran(cell)
        return ran

    def lend(self, loan: Loan) -> None:
        for _ in range(LENDING_TRIES if loan.functions else 0):
            try:
                self.run_on(loan)
                return
            except StudentGone as gone:  # a process on its way out: the next one starts from the cells before
                self.lost(gone)

    def lost(self, gone: StudentGone) -> tuple[Status, str]:
        """Why the process was lost, as a status and in words."""
        return self.checkpoints.lost(gone) if self.checkpoints.link else (gone.status, str(gone))

    def allowance(self, source: str = "") -> Allowance:
        """For one cell or one test: what it may take, as far as the whole notebook's is not used up; less for
        a source that uses an answer which does not end."""
        if self.whole.left < self._limits.cell_seconds:
            self.whole.renew()
        seconds = self.overtime.seconds(self._limits.cell_seconds, source)
        return Allowance(max(min(seconds, self.whole.left), 0.0), self._use)

    def _use(self, since: float) -> Use:
        self._worker.send("use", since)
        cpu, lost, busy = self._worker.receive()
        return cpu, lost, busy

    def _run_there(self, link: Link, cell: StudentCell | Loan, fresh: str = "") -> tuple[list, bool]:
        """fresh: the source of a cell that did not run before; one that did has all the time again."""
        allowance = self.allowance(fresh)
        link.start_cell(allowance.deadline, allowance.extended)
        if isinstance(cell, Loan):
            link.lend(cell.functions, cell.module)
            return [], False
        source = self.sources.get(cell.index, cell.source)
        _ran, claimed, dropped = link.run_cell(source, self._reports.count, self._reports.max_chars)
        return claimed, dropped
