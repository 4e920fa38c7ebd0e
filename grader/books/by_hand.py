"""Marks that a human gives, in nbgrader's own columns, where formgrader, pages and exports read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbgrader.api import BaseCell, Comment, Grade, Notebook, SubmittedAssignment
from sqlalchemy.orm import Session

from grader.books.cell_rows import cells_of
from grader.books.database import writing
from grader.books.lateness import penalise
from grader.books.ledger import CellAddress

if TYPE_CHECKING:
    from grader.course.directory import Course


def give_mark(course: Course, assignment: str, place: CellAddress, points: float, comment: str) -> bool:
    """Record a score, any extra credit in it, and a comment; False where the gradebook has no such answer.

    The late penalty follows, since a share of the score grows with it. Raises GradebookError.
    """
    with writing(course) as session:
        return _give(session, course, assignment, place, points, comment)


def _give(
    session: Session, course: Course, assignment: str, place: CellAddress, points: float, comment: str
) -> bool:
    grade, said = (_row(session, assignment, kind, place) for kind in (Grade, Comment))
    if grade is None:
        return False
    grade.manual_score, grade.needs_manual_grade = points - (grade.extra_credit or 0.0), False
    if said is not None:
        said.manual_comment = comment or None
    session.flush()
    penalise(session, course, assignment, place[0])
    return True


def _row(session: Session, assignment: str, kind: Any, place: CellAddress) -> Any:
    student, notebook, grade_id = place
    query = cells_of(assignment, kind).with_only_columns(kind.id)
    where = (SubmittedAssignment.student_id == student, Notebook.name == notebook, BaseCell.name == grade_id)
    found = session.scalars(query.where(*where)).one_or_none()
    return found and session.get_one(kind, found)
