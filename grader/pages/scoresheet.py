"""The scores of a grading as a CSV file, one row for each question of each student."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from grader.books.runs import BLANK, GRADED, Run
from grader.grading.summary import GradingSummary
from grader.records import NO_RUN, CellScore, Status
from grader.spreadsheet import Row, write_table

PENALTY = "late penalty"
COLUMNS = ("student", "assignment", "notebook", "question", "score", "max_score", "status")


def write_csv(path: Path, summary: GradingSummary) -> None:
    """Write the scores of all submissions of `summary`, by student; an empty score is none, never zero.

    A score given by hand outweighs the automatic one, as in nbgrader. A late penalty is a row of its own, so
    that the scores add up to the mark.
    """
    write_table(path, [COLUMNS, *_rows(summary)])


def _rows(summary: GradingSummary) -> Iterator[Row]:
    for run in summary.runs:
        for notebook, score in run.scores:
            points = summary.ledger.points(run.student, notebook, score)
            names = (run.student, run.assignment, notebook, score.grade_id)
            yield (*names, points, score.max_score, _status(run, score))
        if lost := summary.ledger.penalty(run.student):
            yield (run.student, run.assignment, "", PENALTY, -lost, 0.0, run.label)


def _status(run: Run, score: CellScore) -> str:
    """The submission's label; where that is about one question, how this one ended."""
    if run.label in (GRADED, BLANK, run.status) and run.status not in NO_RUN:
        return GRADED if score.status is Status.COMPLETED else str(score.status)
    return run.label
