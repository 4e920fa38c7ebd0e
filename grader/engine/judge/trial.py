"""One submission's notebook, cell by cell: student cells over there, test cells here in the judge.

The notebook falls into questions: cells up to and including a run of test cells. A cell or a test that ends
or hangs the student's process costs itself alone, for the next test may be of another answer; what follows
goes on from the state before it (see `checkpoints`). One that lost the judge itself costs its question, too.
"""

from __future__ import annotations

import os
import time

from grader.engine.judge import seeds
from grader.engine.judge.bench import Bench
from grader.engine.judge.cell_order import as_far_as, by_question
from grader.engine.judge.lending import Lender
from grader.engine.judge.reports import Reports
from grader.engine.judge.student_cells import StudentCells
from grader.engine.judge.trusted_channel import StudentCell, TrustedChannel
from grader.engine.judge.verdicts import Verdicts
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
        self.reports = Reports(worker, limits.output_kb << 10, bench.points)
        self.student = StudentCells(bench.plan, worker, self.cells, limits, self.reports)
        self.lender = Lender()
        self.verdicts = Verdicts(bench, worker, self.student, self.reports, self.lender, places, seed)
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
        lost = ""
        if question[-1].grade_id:
            self.student.checkpoints.checkpoint()
        for cell in question:
            if self.student.whole.extended() < time.monotonic():
                self._skip(cell)
            elif not cell.grade_id:
                self._run(cell)
            elif lost or cell.grade_id in self.lost:  # or each of them might cost a trial
                lost = lost or self.lost[cell.grade_id]
                self.reports.judged(cell, Verdict(cell.grade_id, Status.TIMED_OUT, 0.0, lost))
            elif cell.grade_id in self.tests:
                self._judge(cell)
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
            owned = self.verdicts.reference.before(compiled)
            self.student.lend(self.lender.loan(compiled.test.answers, owned))

    def _judge(self, cell: StudentCell) -> None:
        verdict = self.verdicts.of(cell)
        if verdict.points != self.bench.points[cell.grade_id]:
            self.short.add(cell.grade_id)
