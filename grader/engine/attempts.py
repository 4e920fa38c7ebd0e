"""The attempts at one notebook: again without what lost the judge, and once more where our machine failed."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.engine.attempt import CELL_LATE, LATE, Attempt
from grader.engine.doubts import Doubt, Doubts
from grader.engine.judge.client import Judges
from grader.engine.judge.trusted_channel import StudentCell, TrustedChannel, ask_trial
from grader.engine.sandbox.student_process import Disturbance, StudentProcess
from grader.notebook.cells import is_solution, is_test, kind_of
from grader.notebook.given_lines import with_given
from grader.records import Execution, Limits, Place, Reach, Status

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from grader.engine.sandbox.zygote import Zygote

MAX_RESTARTS = 3
REPEATS = 1  # of a notebook at which our machine disturbed us
CALM_SECONDS = 0.5  # before that, for what disturbed us to pass
KEPT_BUSY = "the grader was kept busy beyond its time again and again, so this test did not run"


@dataclass(frozen=True)
class Request:
    """What `execute` was asked to run, and how; `files` lie beside the notebook."""

    name: str
    nb: NotebookNode = field(repr=False)
    limits: Limits
    seed: int
    files: Mapping[str, bytes] = field(repr=False)
    only: list[str]
    short: list[str]
    places: Mapping[str, Place]
    reach: Reach | None


class Attempts:
    """The attempts at one notebook. One that our own machine disturbed is made once more."""

    def __init__(self, zygote: Zygote, judges: Judges, request: Request):
        self._zygote, self._judges, self._request = zygote, judges, request
        reference = judges.key.notebooks[request.name]
        self._cells = list(cells_to_run(request.nb, reference))
        self._lost: dict[str | int, str] = {}
        self._doubts = Doubts()
        self._last: Attempt
        self._cpu = {"student": 0.0, "engine": 0.0}

    def execution(self) -> Execution:
        started = time.monotonic()
        status, detail = self._ending()
        last = self._last
        return Execution(
            last.notebook, status, time.monotonic() - started, last.students.peak_mb, detail,
            last.verdicts, self._zygote.level, self._cpu, last.reach,
        )  # fmt: skip

    def _ending(self) -> tuple[Status, str]:
        """Try the notebook until nothing disturbs us and no test loses the judge: how that ended."""
        disturbances = 0
        while len(self._lost) <= MAX_RESTARTS:
            try:
                how = self._try()
            except Doubt:
                continue
            except Disturbance as disturbed:
                disturbances += 1
                if disturbances > REPEATS:
                    return Status.NOT_GRADED, str(disturbed)
                time.sleep(CALM_SECONDS)
                continue
            if not how:
                return self._status(), ""
            place = self._last.testing or self._last.running
            if place is None:  # before the first cell, or between two
                return (Status.TIMED_OUT, KEPT_BUSY) if how == LATE else (Status.NOT_GRADED, how)
            self._lost[place] = how
        if set(self._lost.values()) <= {LATE, CELL_LATE}:  # the student's values did it, not our machine
            return Status.TIMED_OUT, KEPT_BUSY
        return Status.NOT_GRADED, how

    def _status(self) -> Status:
        fine = (Status.COMPLETED, Status.NOT_GRADED)  # the latter is a question's own affair
        worst = [v.status for v in self._last.verdicts.values() if v.status not in fine]
        return worst[0] if worst else Status.OUTPUT_LIMIT if self._last.overflowed else Status.COMPLETED

    def _try(self) -> str:
        """An attempt; how a test lost the judge itself, or nothing."""
        request = self._request
        judge, notebook = self._judges.of(request.name), cleared(request.nb)
        self._last = attempt = Attempt(judge, notebook, request.limits, self._doubts, self._start)
        try:
            with attempt:
                return attempt.run(self._ask)
        finally:
            self._cpu["student"] += attempt.students.seconds
            self._cpu["engine"] += attempt.judge_seconds

    def _ask(self, channel: TrustedChannel) -> None:
        request = self._request
        which = self._lost, request.only, request.short, request.places, request.reach
        ask_trial(channel, self._cells, request.limits, request.seed, *which)

    def _start(self) -> StudentProcess:
        return self._zygote.start(self._request.files, self._request.limits)


def cells_to_run(nb: NotebookNode, reference: NotebookNode) -> Iterator[StudentCell]:
    """The student's code cells, each answer with the lines that its stub gives."""
    answers = [cell for cell in reference.cells if is_solution(cell)]
    solutions = {cell.metadata.nbgrader.grade_id: cell.source for cell in answers}
    for index, cell in enumerate(nb.cells):
        if cell.cell_type == "code" and is_test(cell):
            yield StudentCell(index, "", "test", cell.metadata.nbgrader.grade_id)
        elif cell.cell_type == "code":
            solution = solutions.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
            source = with_given(cell.source, solution) if solution else cell.source
            yield StudentCell(index, source, kind_of(cell))


def cleared(nb: NotebookNode) -> NotebookNode:
    """A notebook of its own cells, which show nothing: outputs and numbers are made anew or are not there."""
    cells = [type(cell)(cell) for cell in nb.cells]
    for cell in cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return type(nb)(nb, cells=cells)
