"""One notebook of one submission -> Execution: a sandboxed student process and a judge, watched from outside.

This process runs no code of anybody's. It hands student processes to the judge, collects outputs and
verdicts, and kills what does not end: neither side can stop that. An attempt that our own machine disturbed
is made once more.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from grader.engine.attempt import CELL_LATE, LATE, Attempt
from grader.engine.doubts import Doubt, Doubts
from grader.engine.judge.client import Judges
from grader.engine.judge.trusted_channel import StudentCell, TrustedChannel, ask_trial
from grader.engine.sandbox.student_process import Disturbance, StudentProcess
from grader.notebook.cells import is_solution, is_test, kind_of
from grader.notebook.given_lines import with_given
from grader.records import Execution, Limits, Place, Status

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from grader.engine.sandbox.zygote import Zygote

MAX_RESTARTS = 3
REPEATS = 1  # of a notebook at which our machine disturbed us
CALM_SECONDS = 0.5  # before that, for what disturbed us to pass
KEPT_BUSY = "the grader was kept busy beyond its time again and again, so this test did not run"


def execute(
    zygote: Zygote,
    judges: Judges,
    name: str,
    nb: NotebookNode,
    limits: Limits,
    *,
    seed: int = 0,
    files: Mapping[str, bytes] = {},
    only: Collection[str] = (),
    short: Collection[str] = (),
    places: Mapping[str, Place] = {},
) -> Execution:
    """Run the student's (repaired) notebook `nb` against notebook `name` of the judges' key.

    `files` lay beside the submission; the instructor's files win over them. Of the test cells those with the
    grade_ids in `only` run, and no cell after the last of them; all when there are none. `short` are those of
    the others that lost points before. They run outside of the student's process, but for those of which
    `places`, or the key, says otherwise. Raises CourseError
    when the instructor's notebook cannot be read, SandboxError when this machine cannot confine a process.
    """
    files = beside(judges.key.files, files)
    places = {**judges.key.places.get(name, {}), **places}
    return _Attempts(zygote, judges, name, nb, limits, seed, files, only, short, places).execution()


def beside(own: Mapping[str, bytes], theirs: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files beside the notebook: a student's never takes the place of an instructor's file or module."""
    taken = {_module(name) for name in own}
    kept = {name: data for name, data in theirs.items() if _module(name) not in taken}
    return {name: data for name, data in kept.items() if not name.endswith(".ipynb")} | dict(own)


def _module(name: str) -> str:
    first = name.split("/")[0]
    return first[:-3] if first.endswith(".py") else first


class _Attempts:
    """The attempts at one notebook."""

    def __init__(self, zygote, judges, name, nb, limits, seed, files, only, short, places):
        self.zygote, self.judges, self.name, self.limits, self.seed = zygote, judges, name, limits, seed
        self.nb, self.files, self.places = nb, files, places
        self.only, self.short = sorted(only), sorted(short)
        cells = [cell for cell in judges.key.notebooks[name].cells if is_solution(cell)]
        self.solutions = {cell.metadata.nbgrader.grade_id: cell.source for cell in cells}
        self.lost: dict[str | int, str] = {}
        self.doubts = Doubts()
        self.last: Attempt
        self.cpu = {"student": 0.0, "engine": 0.0}

    def execution(self) -> Execution:
        started = time.monotonic()
        status, detail = self._ending()
        last = self.last
        return Execution(
            last.notebook, status, time.monotonic() - started, last.students.peak_mb, detail,
            last.verdicts, self.zygote.level, self.cpu,
        )  # fmt: skip

    def _ending(self) -> tuple[Status, str]:
        """Try the notebook until nothing disturbs us and no test loses the judge: how that ended."""
        disturbances = 0
        while len(self.lost) <= MAX_RESTARTS:
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
            place = self.last.testing or self.last.running
            if place is None:  # before the first cell, or between two
                return (Status.TIMED_OUT, KEPT_BUSY) if how == LATE else (Status.NOT_GRADED, how)
            self.lost[place] = how
        if set(self.lost.values()) <= {LATE, CELL_LATE}:  # the student's values did it, not our machine
            return Status.TIMED_OUT, KEPT_BUSY
        return Status.NOT_GRADED, how

    def _status(self) -> Status:
        fine = (Status.COMPLETED, Status.NOT_GRADED)  # the latter is a question's own affair
        worst = [v.status for v in self.last.verdicts.values() if v.status not in fine]
        return worst[0] if worst else Status.OUTPUT_LIMIT if self.last.overflowed else Status.COMPLETED

    def _try(self) -> str:
        """An attempt; how a test lost the judge itself, or nothing."""
        judge, notebook = self.judges.of(self.name), _cleared(self.nb)
        self.last = attempt = Attempt(judge, notebook, self.limits, self.doubts, self._start)
        try:
            with attempt:
                return attempt.run(self._ask)
        finally:
            self.cpu["student"] += attempt.students.seconds
            self.cpu["engine"] += attempt.judge_seconds

    def _ask(self, channel: TrustedChannel) -> None:
        which = (self.lost, self.only, self.short, self.places)
        ask_trial(channel, self._cells(), self.limits, self.seed, *which)

    def _start(self) -> StudentProcess:
        return self.zygote.start(self.files, self.limits)

    def _cells(self) -> list[StudentCell]:
        return [self._cell(i, cell) for i, cell in enumerate(self.nb.cells) if cell.cell_type == "code"]

    def _cell(self, index: int, cell: Any) -> StudentCell:
        if is_test(cell):
            return StudentCell(index, "", "test", cell.metadata.nbgrader.grade_id)
        return StudentCell(index, self._source(cell), kind_of(cell))

    def _source(self, cell: Any) -> str:
        solution = self.solutions.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        return with_given(cell.source, solution) if solution else cell.source


def _cleared(nb):
    """A notebook of its own cells, which show nothing: outputs and numbers are made anew or are not there."""
    cells = [type(cell)(cell) for cell in nb.cells]
    for cell in cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return type(nb)(nb, cells=cells)
