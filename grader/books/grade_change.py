"""What a grading changes in grades that stand in the gradebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grader.books.cell_rows import Scores
from grader.books.ledger import CellAddress
from grader.records import GradedSubmission


@dataclass(frozen=True, slots=True)
class GradeChange:
    """A grade that a run changed; `before` is None where there was none, `manual` outweighs both."""

    student: str
    notebook: str
    grade_id: str
    before: float | None
    after: float | None
    manual: float | None = None


def grade_changes(before: Mapping[CellAddress, Scores], graded: GradedSubmission) -> tuple[GradeChange, ...]:
    """The grades that `graded` changes or adds."""
    student, changes = graded.submission.student, []
    for notebook, scores in graded.scores.items():
        for score in scores:
            cell = student, notebook, score.grade_id
            old = before.get(cell)
            if old is None or old.auto != score.auto_score:
                auto, by_hand = old or (None, None)
                changes.append(GradeChange(*cell, auto, score.auto_score, by_hand))
    return tuple(changes)
