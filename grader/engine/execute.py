"""One notebook of one submission -> Execution: a sandboxed student process and a judge, watched from outside.

This process runs no code of anybody's. It hands student processes to the judge, collects outputs and
verdicts, and kills what does not end: neither side can stop that.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from grader.engine.judge.client import Cell, Judge, Judges, Talk, ask_trial
from grader.engine.wire.channel import Closed, Late, send_socket
from grader.errors import CourseError
from grader.notebook.cells import is_demo, is_solution, is_test
from grader.notebook.given_lines import with_given
from grader.records import Check, Execution, Limits, Place, Status, Verdict

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from grader.engine.sandbox.zygote import Zygote

GRACE_SECONDS = 5.0  # beyond the time of two cells, before the judge itself is killed
MAX_RESTARTS = 3
END_SECONDS = 10.0  # for a killed student process to be gone
LATE = "the test did not end in time"
KEPT_BUSY = "several tests were kept busy beyond their time, so this one did not run"
EVENT_SECONDS = 0.05  # for the news that a process was killed for its memory to arrive


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
    places: Mapping[str, Place] = {},
) -> Execution:
    """Run the student's (repaired) notebook `nb` against notebook `name` of the judges' key.

    `files` lay beside the submission; the instructor's files win over them. Of the test cells those with the
    grade_ids in `only` run, all of them when there are none. They run outside of the student's process, but
    for those of which `places`, or the key, says otherwise. Raises CourseError when the
    instructor's notebook cannot be read, SandboxError when this machine cannot confine a process.
    """
    files = beside(judges.key.files, files)
    places = {**judges.key.places.get(name, {}), **places}
    return _Run(zygote, judges, name, nb, limits, seed, files, only, places).execution()


def beside(own: Mapping[str, bytes], theirs: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files beside the notebook: a student's never takes the place of an instructor's file or module."""
    taken = {_module(name) for name in own}
    kept = {name: data for name, data in theirs.items() if _module(name) not in taken}
    return {name: data for name, data in kept.items() if not name.endswith(".ipynb")} | dict(own)


def _module(name: str) -> str:
    first = name.split("/")[0]
    return first[:-3] if first.endswith(".py") else first


class _Run:
    """The state of one execution."""

    def __init__(self, zygote, judges, name, nb, limits, seed, files, only, places):
        self.zygote, self.judges, self.name, self.limits, self.seed = zygote, judges, name, limits, seed
        self.files, self.only, self.places = files, sorted(only), places
        cells = [cell for cell in judges.key.notebooks[name].cells if is_solution(cell)]
        self.solutions = {cell.metadata.nbgrader.grade_id: cell.source for cell in cells}
        self.notebook = _cleared(nb)
        self.verdicts: dict[str, Verdict] = {}
        self.lost: dict[str, str] = {}
        self.peak_mb = self.student_seconds = self.judge_seconds = 0.0
        self.overflowed, self.testing = False, ""
        self.student, self.memory_kills = None, 0

    def execution(self) -> Execution:
        started = time.monotonic()
        status, detail = self._ending(self.judges.of(self.name))
        return Execution(
            self.notebook, status, time.monotonic() - started, self.peak_mb, detail,
            self.verdicts, self.zygote.level, {"student": self.student_seconds, "engine": self.judge_seconds},
        )  # fmt: skip

    def _ending(self, judge: Judge) -> tuple[Status, str]:
        """Try the notebook until no test loses the judge any more: how that ended."""
        for _ in range(MAX_RESTARTS + 1):
            detail = self._try(judge)
            if not detail:
                return self._status(), ""
            if not self.testing:
                break
            self.lost[self.testing] = detail
        if self.testing and set(self.lost.values()) == {LATE}:  # the student's values did it, not our machine
            return Status.TIMED_OUT, KEPT_BUSY
        return Status.NOT_GRADED, detail

    def _status(self) -> Status:
        fine = (Status.COMPLETED, Status.NOT_GRADED)  # the latter is a question's own affair
        worst = [v.status for v in self.verdicts.values() if v.status not in fine]
        return worst[0] if worst else Status.OUTPUT_LIMIT if self.overflowed else Status.COMPLETED

    def _try(self, judge: Judge) -> str:
        """Let the judge try the notebook; what went wrong with the judge, or nothing."""
        talk, pid, problem = judge.try_notebook()
        if problem:
            raise CourseError(problem, file=f"{self.name}.ipynb", remedy="run `grader check`")
        self.testing = ""
        try:
            ask_trial(talk, self._cells(), self.limits, self.seed, self.lost, self.only, self.places)
            while self._handle(talk):
                pass
        except Late:
            return LATE
        except Closed:
            return "the judge's process ended"
        finally:
            talk.sock.close()
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            self._end_student()
        return ""

    def _cells(self) -> list[Cell]:
        code = [(i, c) for i, c in enumerate(self.notebook.cells) if c.cell_type == "code" and not is_demo(c)]
        return [
            Cell(i, "", c.metadata.nbgrader.grade_id) if is_test(c) else Cell(i, self._source(c))
            for i, c in code
        ]

    def _source(self, cell: Any) -> str:
        solution = self.solutions.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        return with_given(cell.source, solution) if solution else cell.source

    def _handle(self, talk: Talk) -> bool:
        """One message of the judge; False at the end."""
        talk.channel.deadline = time.monotonic() + 2 * self.limits.cell_seconds + GRACE_SECONDS
        kind, *fields = talk.receive()
        getattr(self, f"_on_{kind}")(talk, *fields)
        return kind != "end"

    def _on_student(self, talk: Talk) -> None:
        self._end_student()
        self.memory_kills = 0
        self.student = self.zygote.start(self.files, self.limits)
        send_socket(talk.sock, self.student.sock)

    def _on_why(self, talk: Talk) -> None:
        """Tell the judge which limit ended a student process and its exit code, as far as they are known."""
        talk.send(*self._why())

    def _why(self) -> tuple[str, int | None]:
        kills, self.memory_kills = self.memory_kills, self.student.over_memory
        if self.memory_kills > kills:
            return "memory", None
        with contextlib.suppress(TimeoutError):
            ending = self.student.wait(EVENT_SECONDS)
            return ending.why, -ending.signal if ending.signal else ending.exit_code
        return "", None

    def _on_test(self, _talk: Talk, grade_id: str) -> None:
        self.testing = grade_id

    def _keep(self, fields: dict) -> None:
        checks = tuple(Check(**check) for check in fields.pop("checks"))
        status, where = Status(fields.pop("status")), Place(fields.pop("where"))
        self.verdicts[fields["grade_id"]] = Verdict(**fields, status=status, checks=checks, where=where)
        self.testing = ""

    def _on_cell(
        self, _talk: Talk, index: int, outputs: list, count: int, overflowed: bool, verdict: dict | None
    ) -> None:
        self.overflowed |= overflowed
        if verdict:
            self._keep(verdict)
        if index >= 0:
            cell = self.notebook.cells[index]
            cell.outputs, cell.execution_count = _nodes(outputs), count

    def _on_end(self, _talk: Talk, seconds: float) -> None:
        self.judge_seconds += seconds

    def _end_student(self):
        if self.student is None:
            return None
        student, self.student = self.student, None
        with student:
            student.kill()
            ending = student.wait(END_SECONDS)
        self.student_seconds += ending.cpu_seconds
        self.peak_mb = max(self.peak_mb, ending.peak_mb)
        return ending


def _cleared(nb):
    """A notebook of its own cells, which show nothing: outputs and numbers are made anew or are not there."""
    cells = [type(cell)(cell) for cell in nb.cells]
    for cell in cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return type(nb)(nb, cells=cells)


def _nodes(outputs: list[dict]) -> list:
    from nbformat import from_dict

    return [from_dict(output) for output in outputs]
