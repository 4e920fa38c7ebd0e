"""What a graded cell earned, as a student may see it: hidden tests are masked here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nbformat import NotebookNode
from nbgrader.utils import is_solution, is_task

from grader.notebook.cells import visible_source
from grader.pages.check_ids import CheckIds
from grader.points import points_text
from grader.records import CellScore, Place, Status

UNSEEN = "a test you cannot see"  # the judge's words for a failure in a hidden test
ENDINGS = {
    Status.TIMED_OUT: "Your code ran longer than the time limit.",
    Status.OUT_OF_MEMORY: "Your code needed more memory than the limit.",
    Status.DIED: "The process that ran your code ended before the test was done.",
    Status.OUTPUT_LIMIT: "Your code printed more than the limit.",
    Status.NOT_GRADED: "Not graded yet, for a reason that is not yours.",
}


@dataclass(frozen=True)
class CheckRow:
    """A line about one check. `id`: what a student quotes to ask about it, "" where nothing was lost."""

    label: str
    points: float
    max_points: float
    message: str = ""
    id: str = ""

    @property
    def passed(self) -> bool:
        return self.points >= self.max_points


@dataclass(frozen=True)
class CellResult:
    """One graded cell: `rows` are its visible checks and a masked line for each hidden one that failed."""

    grade_id: str
    points: float | None
    max_points: float
    by_hand: bool
    rows: tuple[CheckRow, ...]
    ending: str
    hint: str
    test: str
    inside: bool  # whether its verdict comes from the student's own process


def cell_result(cell: NotebookNode, score: CellScore, manual: float | None, ids: CheckIds) -> CellResult:
    points = score.auto_score if manual is None else manual
    lost = points is None or points < score.max_score
    nudges = {check.nudge for check in score.checks if check.hidden}
    return CellResult(
        score.grade_id,
        points,
        score.max_score,
        manual is not None or is_solution(cell) or is_task(cell),
        tuple(_rows(score, ids)) if lost or score.checks else (),
        ENDINGS.get(score.status, "") if lost else "",
        score.hint if lost and score.hint not in nudges else "",
        visible_source(cell.source),
        score.where is not Place.OUTSIDE,
    )


def _rows(score: CellScore, ids: CheckIds) -> Iterator[CheckRow]:
    """The visible checks as they are; of hidden ones what each was worth, of the failed the nudge."""
    for check in score.checks:
        lost = not check.passed
        own = ids.of(score.grade_id, check.label) if lost else ""
        if not check.hidden:
            yield CheckRow(check.label, check.points, check.max_points, check.message, own)
        elif lost:
            yield _masked(check.points, check.max_points, check.nudge, own)
    passed = [c.max_points for c in score.checks if c.hidden and c.passed]
    if passed:
        what = "a hidden check" if len(passed) == 1 else f"{len(passed)} hidden checks"
        yield CheckRow(f"{what} passed", sum(passed), sum(passed))
    if not score.checks and score.auto_score is not None and score.cause:
        own = ids.of(score.grade_id, "")
        whole = CheckRow("this test did not pass", score.auto_score, score.max_score, score.cause, own)
        yield _masked(score.auto_score, score.max_score, "", own) if UNSEEN in score.cause else whole


def _masked(points: float, max_points: float, nudge: str, own: str) -> CheckRow:
    worth = f"{points_text(max_points)} point" + ("" if max_points == 1 else "s")
    return CheckRow(f"a hidden check ({worth}) did not pass", points, max_points, nudge, own)
