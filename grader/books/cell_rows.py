"""What stands in the gradebook of the graded cells of one assignment: scores, comments, late penalties."""

from __future__ import annotations

from typing import Any, NamedTuple

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from grader.books.ledger import CellAddress


class Scores(NamedTuple):
    """The test's score, and the one given by hand with its extra credit; None where there is none."""

    auto: float | None
    by_hand: float | None


def grades(session: Session, assignment: str) -> dict[CellAddress, Scores]:
    """The scores of every graded cell of every submission."""
    query = cells_of(assignment, Grade).add_columns(Grade.auto_score, Grade.manual_score, Grade.extra_credit)
    return {
        tuple(row[:3]): Scores(row[3], None if row[4] is None else _sum(*row[4:]))
        for row in session.execute(query)
    }


def by_hand(session: Session, assignment: str) -> dict[CellAddress, float]:
    """The scores in which humans had a word, as nbgrader adds them up: its extra credit stands beside a score
    of theirs, or a test's."""
    more = and_(Grade.auto_score.is_not(None), Grade.extra_credit != 0)
    query = cells_of(assignment, Grade).add_columns(Grade.score)
    rows = session.execute(query.where(or_(Grade.manual_score.is_not(None), more)))
    return {tuple(row[:3]): row[3] for row in rows}


def unread(session: Session, assignment: str) -> frozenset[CellAddress]:
    """The cells that a human should look at, says nbgrader."""
    query = cells_of(assignment, Grade).where(Grade.needs_manual_grade)
    return frozenset(map(tuple, session.execute(query)))


def comments(session: Session, assignment: str) -> dict[CellAddress, str]:
    """The comments, a human's before the automatic one."""
    query = cells_of(assignment, Comment).add_columns(Comment.comment)
    return {tuple(row[:3]): row[3] for row in session.execute(query) if row[3]}


def penalties(session: Session, assignment: str) -> dict[tuple[str, str], float]:
    """(student, notebook) -> points that nbgrader's plug-in took off for being late."""
    query = (
        select(SubmittedAssignment.student_id, Notebook.name, SubmittedNotebook.late_submission_penalty)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(Assignment.name == assignment)
    )
    return {tuple(row[:2]): row[2] for row in session.execute(query) if row[2]}


def cells_of(assignment: str, kind: Any) -> Select:
    """Student, notebook and grade_id of each row of `kind` (Grade or Comment) of an assignment."""
    return (
        select(SubmittedAssignment.student_id, Notebook.name, BaseCell.name)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(kind, kind.notebook_id == SubmittedNotebook.id)
        .join(BaseCell, BaseCell.id == kind.cell_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(Assignment.name == assignment)
    )


def _sum(manual: float, extra: float | None) -> float:
    return manual + (extra or 0.0)
