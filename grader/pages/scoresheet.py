"""The scores of a grading as a CSV file, one row for each question of each student."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from grader.atomic import write_atomic
from grader.books.runs import GRADED, Run
from grader.grading.assignment import GradingSummary
from grader.records import CellScore, Status

COLUMNS = ("student", "assignment", "notebook", "question", "score", "max_score", "status")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what makes a spreadsheet compute a cell


def write_csv(path: Path, summary: GradingSummary) -> None:
    """Write the scores of all submissions of `summary`, by student; an empty score is none, never zero.

    A score given by hand outweighs the automatic one, as in nbgrader.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(_rows(summary))
    data = text.getvalue().encode("utf-8", "surrogateescape")
    path = Path(path)
    if path.is_symlink() or (path.exists() and not path.is_file()):
        path.write_bytes(data)  # /dev/stdout, a pipe: nothing to be put in its place
    else:
        write_atomic(path, data)


def _rows(summary: GradingSummary) -> Iterator[tuple[str, ...]]:
    for run in summary.runs:
        for notebook, score in run.scores:
            manual = summary.by_hand.get((run.student, notebook, score.grade_id))
            points = _points(score.auto_score if manual is None else manual)
            names = (run.student, run.assignment, notebook, score.grade_id)
            status = _status(run, score)
            yield (*map(_plain, names), points, _points(score.max_score), status)


def _points(points: float | None) -> str:
    return "" if points is None else f"{points:.10g}"


def _status(run: Run, score: CellScore) -> str:
    """The submission's label; where that is plain "graded", how this question ended."""
    if run.label == GRADED and score.status is not Status.COMPLETED:
        return str(score.status)
    return run.label


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
