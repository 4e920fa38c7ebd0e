"""One notebook of the assignment, graded as if a student had handed it in: what a survey is made of."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy

from nbformat import NotebookNode

from grader.engine.execute import execute
from grader.engine.judge.client import Judges
from grader.engine.sandbox.zygote import Zygote
from grader.grading.score import score_cells
from grader.notebook.cells import is_solution, is_test
from grader.notebook.given_lines import without_markers
from grader.records import USUAL, CellScore, Execution, Limits, Place, Reach
from grader.repair.repair import repair

MAX_NOTES = 5  # about the cells of one notebook that raise, or what its tests read


class Tryout:
    """Runs of notebook `name` of the judges' key; `seen`: where tests ran of themselves, if not outside.

    reach: what tests reach beyond what all may.
    """

    def __init__(self, zygote: Zygote, judges: Judges, limits: Limits, name: str):
        self._zygote, self._judges, self.limits, self.name = zygote, judges, limits, name
        self.reference, self.blank = judges.key.notebooks[name], judges.key.unsolved[name]
        self.seen: dict[str, Place] = {}
        self.reach = USUAL

    def run(
        self,
        nb: NotebookNode,
        places: Mapping[str, Place],
        limits: Limits | None = None,
        *,
        everything: bool = False,
    ) -> tuple[Execution, list[CellScore]]:
        """The run of `nb`, and the scores of the tests that are worth something. everything: let them read
        that, which only the instructor's own code may."""
        key = self._judges.key
        released = key.released.get(self.name)
        repaired = repair(json.dumps(_handed_in(nb)).encode(), self.reference, self.name, released)
        run = execute(
            self._zygote, self._judges, self.name, repaired.notebook or self.reference,
            limits or self.limits, files=key.handed_in, places=places,
            reach=None if everything else self.reach,
        )  # fmt: skip
        tests = {cell.metadata.nbgrader.grade_id for cell in self.reference.cells if is_test(cell)}
        scores = [s for s in score_cells(run, self.blank) if s.grade_id in tests and s.max_score > 0]
        own = {s.grade_id: s.where for s in scores if s.grade_id not in places}
        self.seen |= {name: where for name, where in own.items() if where is not Place.OUTSIDE}
        return run, scores


def _handed_in(nb: NotebookNode) -> NotebookNode:
    """Without the marks around its solutions: a cell may write its own text into a file."""
    nb = deepcopy(nb)
    for cell in nb.cells:
        if is_solution(cell):
            cell.source = without_markers(cell.source)
    return nb


def shortfall(score: CellScore, run: Execution) -> str:
    """What the reference loses, and why."""
    earned = f"{score.auto_score or 0:g} of {score.max_score:g} points"
    cause = score.detail or score.cause or run.detail or "so says the last value of the test"
    return f"the reference answer earns {earned} on this machine: {cause}"


def raised(run: Execution) -> Iterator[str]:
    """The cells of the reference that raise, test cells aside: they are skipped, as in nbgrader."""
    cells = [
        (number, cell, output)
        for number, cell in enumerate(run.notebook.cells, 1)
        for output in cell.get("outputs", ())
        if output.output_type == "error" and not is_test(cell)
    ]
    for number, cell, output in cells[:MAX_NOTES]:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        what = f"the reference's answer {grade_id}" if grade_id else f"cell {number}"
        yield f"{what} raises {output.ename}: {output.evalue[:200]}"


def reached(reach: Reach) -> Iterator[str]:
    """What tests reach since the reference's do: a student's path may lead there, too."""
    if reach.paths:
        more = len(reach.paths) - MAX_NOTES
        some = ", ".join(reach.paths[:MAX_NOTES]) + (f" and {more} more" if more > 0 else "")
        yield f"tests read, as the reference's do: {some}"
    if reach.connects:
        yield "tests make connections, as the reference's do"
