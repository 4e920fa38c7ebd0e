"""One submission's rows in nbgrader's gradebook: those that `nbgrader autograde` would have written."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from nbgrader.utils import parse_utc
from sqlalchemy import Select, bindparam, insert, select, update
from sqlalchemy.orm import Session

from grader.books.assignment_rows import mirror
from grader.books.lateness import penalise
from grader.notebook.cells import get_cell, unanswered
from grader.records import AnswerKey, Graded

if TYPE_CHECKING:
    from grader.course.directory import Course

NO_RESPONSE = "No response."  # nbgrader's words

# Statements are made once: to put one together takes longer than the database takes to carry it out.
_SUBMITTED, _PART, _GRADE, _COMMENT = (
    kind.__table__ for kind in (SubmittedAssignment, SubmittedNotebook, Grade, Comment)
)
ASSIGNMENT = select(Assignment.id, Assignment.duedate).where(Assignment.name == bindparam("name"))
SUBMISSION = select(SubmittedAssignment.id).where(
    SubmittedAssignment.assignment_id == bindparam("assignment_id"),
    SubmittedAssignment.student_id == bindparam("student_id"),
)
TIMESTAMP = (
    update(_SUBMITTED).where(_SUBMITTED.c.id == bindparam("submission")).values(timestamp=bindparam("taken"))
)
SCORE = (
    update(_GRADE)
    .where(_GRADE.c.id == bindparam("row"))
    .values(auto_score=bindparam("score"), needs_manual_grade=bindparam("look"))
)
COMMENT = update(_COMMENT).where(_COMMENT.c.id == bindparam("row")).values(auto_comment=bindparam("said"))
NO_PENALTY = (
    update(_PART).where(_PART.c.assignment_id == bindparam("submission")).values(late_submission_penalty=None)
)


def record(session: Session, course: Course, key: AnswerKey, graded: Graded) -> None:
    """Write one submission's grades; manual scores and comments stay as they are."""
    assignment, due = session.execute(ASSIGNMENT, {"name": key.assignment}).one()
    submission = _submission(session, assignment, graded)
    _record_scores(session, submission, graded)
    _record_comments(session, submission, key, graded)
    session.execute(NO_PENALTY, {"submission": submission})
    if due is not None:
        penalise(session, course, key.assignment, graded.submission.student)


def _submission(session: Session, assignment: str, graded: Graded) -> str:
    """The id of the submission's row, which is made, with all rows below it, where it is missing."""
    student, taken = graded.submission.student, graded.submission.submitted_at
    place = {"assignment_id": assignment, "student_id": student}
    row = session.scalars(SUBMISSION, place).one_or_none()
    if row is None:
        row = new_uuid()
        if session.get(Student, student) is None:
            session.execute(insert(Student.__table__), {"id": student})
        session.execute(insert(SubmittedAssignment.__table__), {"id": row, **place})
        mirror(session, "id", row)
    if taken is not None:
        session.execute(TIMESTAMP, {"submission": row, "taken": parse_utc(taken)})
    return row


def _record_scores(session: Session, submission: str, graded: Graded) -> None:
    rows = session.execute(_rows(Grade), {"submission": submission})
    known = {(notebook, name): (row, manual) for notebook, name, row, manual in rows}
    found = []
    for notebook, scores in graded.scores.items():
        for score in scores:
            row, manual = known[notebook, score.grade_id]
            # a grade given by hand is kept, but somebody should look at it again
            look = score.needs_manual_grade or manual is not None
            found.append({"row": row, "score": score.auto_score, "look": look})
    if found:
        session.execute(SCORE, found)


def _record_comments(session: Session, submission: str, key: AnswerKey, graded: Graded) -> None:
    changed = []
    rows = session.execute(_rows(Comment), {"submission": submission})
    for notebook, name, row, before in rows:
        run = graded.executions.get(notebook)
        cell = get_cell(key.unsolved[notebook], name)
        empty = run is not None and run.notebook is not None and unanswered(cell, run.notebook)
        now = NO_RESPONSE if empty else None
        if now != before:
            changed.append({"row": row, "said": now})
    if changed:
        session.execute(COMMENT, changed)


@cache
def _rows(kind: Any) -> Select:
    """Notebook, grade_id, id, and what is there already, of each Grade or Comment of a submission."""
    there = kind.manual_score if kind is Grade else kind.auto_comment
    return (
        select(Notebook.name, BaseCell.name, kind.id, there)
        .join(SubmittedNotebook, SubmittedNotebook.id == kind.notebook_id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(BaseCell, BaseCell.id == kind.cell_id)
        .where(SubmittedNotebook.assignment_id == bindparam("submission"))
    )
