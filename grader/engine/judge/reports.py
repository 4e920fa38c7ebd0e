"""What a trial reports of each cell to the grading process: bounded outputs, and of a test its verdict."""

from __future__ import annotations

from grader.engine.judge.trusted_channel import StudentCell, TrustedChannel
from grader.records import Status, Verdict

OUTPUT_CELLS = 4  # the outputs of a notebook may be so many times those of a cell


class Reports:
    """The reports of one trial over `worker`. max_chars: most of the outputs of one cell.

    points: grade_id -> most points, of each test cell. `count` is the number of the cell that runs.
    """

    def __init__(self, worker: TrustedChannel, max_chars: int, points: dict[str, float]):
        self._worker, self._points, self.max_chars = worker, points, max_chars
        self._left, self.count = OUTPUT_CELLS * max_chars, 0

    @property
    def max_more(self) -> int:
        """Characters of outputs that the next cell may show."""
        return max(0, min(self.max_chars, self._left))

    def ran(
        self, cell: StudentCell, outputs: list, overflowed: bool = False, verdict: dict | None = None
    ) -> None:
        self._left -= sum(len(str(output)) for output in outputs)
        self._worker.send("cell", cell.index, outputs, self.count, overflowed, verdict)

    def failed(self, cell: StudentCell, status: Status, why: str) -> None:
        """A cell of the student's that did not run, or not to its end."""
        self.ran(cell, [error_output(status, why)])

    def judged(self, cell: StudentCell, verdict: Verdict, shown: list | None = None) -> None:
        fields = {**vars(verdict), "checks": [vars(check) for check in verdict.checks]}
        self.ran(cell, (shown or []) + self._score_output(verdict), False, fields)

    def _score_output(self, verdict: Verdict) -> list[dict]:
        """The output from which nbgrader reads the score of a test cell; full marks need none."""
        if verdict.points == self._points.get(verdict.grade_id, verdict.points):
            return []
        if not verdict.points and verdict.cause:
            return [error_output(verdict.status, verdict.cause)]
        data = {"text/plain": repr(float(verdict.points or 0.0))}
        return [
            {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": self.count}
        ]


def error_output(status: Status, message: str) -> dict:
    """A cell's output of kind error that tells how it ended."""
    name = "NoPoints" if status is Status.COMPLETED else "".join(word.capitalize() for word in status.split())
    return {"output_type": "error", "ename": name, "evalue": message, "traceback": [f"{name}: {message}"]}
