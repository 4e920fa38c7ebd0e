"""The scores of a grading as a CSV file, one row for each question of each student."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from grader.books.runs import GRADED, Run
from grader.grading.assignment import GradingSummary
from grader.records import CellScore, Status
from grader.spreadsheet import Row, write_table

COLUMNS = ("student", "assignment", "notebook", "question", "score", "max_score", "status")


def write_csv(path: Path, summary: GradingSummary) -> None:
    """Write the scores of all submissions of `summary`, by student; an empty score is none, never zero.

    A score given by hand outweighs the automatic one, as in nbgrader.
    """
    write_table(path, [COLUMNS, *_rows(summary)])


def _rows(summary: GradingSummary) -> Iterator[Row]:
    for run in summary.runs:
        for notebook, score in run.scores:
            manual = summary.by_hand.get((run.student, notebook, score.grade_id))
            points = score.auto_score if manual is None else manual
            names = (run.student, run.assignment, notebook, score.grade_id)
            yield (*names, points, score.max_score, _status(run, score))


def _status(run: Run, score: CellScore) -> str:
    """The submission's label; where that is plain "graded", how this question ended."""
    if run.label == GRADED and score.status is not Status.COMPLETED:
        return str(score.status)
    return run.label
