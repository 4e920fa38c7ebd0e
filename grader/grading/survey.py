"""Before anybody is graded: the reference and the blank release, run as if students had handed them in.

The reference must earn everything and the blank release nothing. A test whose reference fails outside of
the student's process, or that pays for a blank answer there, runs inside; a question where that does not
help either is held back for all, or, where nbgrader itself would pay, named. Nothing is paid in silence.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from nbformat import NotebookNode

from grader.engine.execute import execute
from grader.engine.judge.client import Judges
from grader.engine.sandbox.zygote import Zygote
from grader.errors import ReferenceFailed
from grader.grading.score import score_cells
from grader.notebook.cells import is_test
from grader.records import CellScore, Execution, Limits, Place
from grader.repair.repair import repair

MAX_RUNS = 8  # of one notebook
MAX_NOTES = 5  # about the cells of one notebook that raise
BLANK_PAID = "a blank answer earns {points:g} of {of:g} points"
AS_STOCK = ", as it does in nbgrader"
BLANK_HELD = "outside of the student's process a blank answer earns points, and inside "
_NEXT = {Place.OUTSIDE: Place.INSIDE, Place.INSIDE: Place.STRICT}


@dataclass(frozen=True)
class NotebookSurvey:
    """What was found out about the tests of one notebook.

    places: where each test runs. held: grade_id -> why that question is graded for nobody.
    paid: grade_id -> what a blank answer earns, as in nbgrader. notes: lines for the staff.
    """

    places: Mapping[str, Place] = field(default_factory=dict)
    held: Mapping[str, str] = field(default_factory=dict)
    paid: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


Survey = Mapping[str, NotebookSurvey]
NOTHING: Survey = MappingProxyType({})


def survey(zygote: Zygote, judges: Judges, limits: Limits) -> Survey:
    """Try all notebooks of the key. Raises ReferenceFailed where not one question could be graded."""
    found = {name: _Trials(zygote, judges, limits, name).found() for name in judges.key.notebooks}
    held = [(name, *reason) for name, one in found.items() for reason in one.held.items()]
    if held and len(held) == sum(map(_tests, judges.key.notebooks.values())):
        name, grade_id, reason = held[0]
        raise ReferenceFailed(reason, file=f"{name}.ipynb", grade_id=grade_id, remedy="nothing was graded")
    return found


def _tests(nb: NotebookNode) -> int:
    return sum(is_test(cell) and cell.metadata.nbgrader.points > 0 for cell in nb.cells)


class _Trials:
    """The trials of one notebook: `places` grow until reference and blank release earn what they should."""

    def __init__(self, zygote: Zygote, judges: Judges, limits: Limits, name: str):
        self.zygote, self.judges, self.limits, self.name = zygote, judges, limits, name
        self.key = judges.key
        self.places: dict[str, Place] = dict(self.key.places.get(name, {}))
        self.free = self.key.whole  # a course with chapters has its tests proven by `grader check`
        self.held: dict[str, str] = {}
        self.seen: dict[str, Place] = {}  # where the tests ran

    def found(self) -> NotebookSurvey:
        run = self._reference()
        payers = self._payers()
        while [score for score in payers if self._move(score)]:
            self._reference(BLANK_HELD)
            payers = self._payers()
        paid = {score.grade_id: self._payment(score) for score in payers}
        return NotebookSurvey(self.seen | self.places, self.held, paid, tuple(_raised(run)))

    def _reference(self, why: str = "") -> Execution:
        """Run the reference until it earns all that it can: a test that fails outside runs inside."""
        while True:
            run, scores = self._run(self.key.notebooks[self.name])
            short = [score for score in scores if score.auto_score != score.max_score]
            if not [score for score in short if self._where(score) is Place.OUTSIDE and self._move(score)]:
                self.held = {score.grade_id: _shortfall(score, run, why) for score in short} | self.held
                return run

    def _payers(self) -> list[CellScore]:
        """The tests in which the blank release earns points."""
        _run, scores = self._run(self.key.unsolved[self.name])
        return [score for score in scores if score.auto_score]

    def _move(self, score: CellScore) -> bool:
        """Let a test run where it can be less mistaken; False where there is no such place."""
        now = self._where(score)
        if not self.free or score.grade_id in self.key.places.get(self.name, {}) or now not in _NEXT:
            return False
        self.places[score.grade_id] = _NEXT[now]
        return True

    def _where(self, score: CellScore) -> Place:
        return self.places.get(score.grade_id, score.where)

    def _payment(self, score: CellScore) -> str:
        told = BLANK_PAID.format(points=score.auto_score, of=score.max_score)
        return told + AS_STOCK if self._where(score) is Place.STRICT else told

    def _run(self, nb: NotebookNode) -> tuple[Execution, list[CellScore]]:
        """Grade a notebook as a student's: the run, and the score of each test that is worth something and
        not held."""
        source = self.key.notebooks[self.name]
        repaired = repair(json.dumps(nb).encode(), source, self.name, self.key.released.get(self.name))
        run = execute(
            self.zygote, self.judges, self.name, repaired.notebook or source, self.limits,
            files=self.key.handed_in, places=self.places,
        )  # fmt: skip
        tests = {cell.metadata.nbgrader.grade_id for cell in source.cells if is_test(cell)}
        scores = score_cells(run, self.key.unsolved[self.name])
        self.seen |= {score.grade_id: score.where for score in scores if score.where is not Place.OUTSIDE}
        open_ = tests - self.held.keys()
        return run, [score for score in scores if score.grade_id in open_ and score.max_score > 0]


def _shortfall(score: CellScore, run: Execution, why: str) -> str:
    earned = f"{score.auto_score or 0:g} of {score.max_score:g} points"
    cause = score.detail or score.cause or run.detail
    return f"{why}the reference answer earns {earned} on this machine: {cause}"


def _raised(run: Execution) -> Iterator[str]:
    """The cells of the reference that raise, test cells aside: they are skipped, as in nbgrader."""
    raised = [
        (number, cell, output)
        for number, cell in enumerate(run.notebook.cells, 1)
        for output in cell.get("outputs", ())
        if output.output_type == "error" and not is_test(cell)
    ]
    for number, cell, output in raised[:MAX_NOTES]:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        what = f"the reference's answer {grade_id}" if grade_id else f"cell {number}"
        yield f"{what} raises {output.ename}: {output.evalue[:200]}"
