"""One submission's rows in nbgrader's gradebook: those that `nbgrader autograde` would have written."""

from __future__ import annotations

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
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import parse_utc
from sqlalchemy import Select, insert, select, update
from sqlalchemy.orm import Session

from .records import AnswerKey, Graded
from .score import find_cell, unanswered
from .structure import mirror

NO_RESPONSE = "No response."  # nbgrader's words


def record(session: Session, course: CourseDirectory, key: AnswerKey, graded: Graded) -> None:
    """Write one submission's grades; manual scores and comments stay as they are."""
    submission = _submission(session, key, graded)
    _record_scores(session, submission, graded)
    _record_comments(session, submission, key, graded)
    row = session.get_one(SubmittedAssignment, submission, populate_existing=True)
    _late_penalties(session, row, course)


def _submission(session: Session, key: AnswerKey, graded: Graded) -> str:
    """The id of the submission's row, which is made, with all rows below it, where it is missing."""
    student, taken = graded.submission.student, graded.submission.submitted_at
    assignment = session.scalars(select(Assignment.id).filter_by(name=key.assignment)).one()
    place = {"assignment_id": assignment, "student_id": student}
    row = session.scalars(select(SubmittedAssignment.id).filter_by(**place)).one_or_none()
    if row is None:
        row = new_uuid()
        if session.get(Student, student) is None:
            session.execute(insert(Student), [{"id": student}])
        session.execute(insert(SubmittedAssignment), [{"id": row, **place}])
        mirror(session, SubmittedAssignment.id == row)
    if taken is not None:
        session.execute(update(SubmittedAssignment), [{"id": row, "timestamp": parse_utc(taken)}])
    return row


def _record_scores(session: Session, submission: str, graded: Graded) -> None:
    rows = session.execute(_rows_of(Grade, submission).add_columns(Grade.manual_score))
    known = {(notebook, name): (row, manual) for notebook, name, row, manual in rows}
    found = []
    for notebook, scores in graded.scores.items():
        for score in scores:
            row, manual = known[notebook, score.grade_id]
            # a grade given by hand is kept, but somebody should look at it again
            look = score.needs_manual_grade or manual is not None
            found.append({"id": row, "auto_score": score.auto_score, "needs_manual_grade": look})
    if found:
        session.execute(update(Grade), found)


def _record_comments(session: Session, submission: str, key: AnswerKey, graded: Graded) -> None:
    changed = []
    rows = session.execute(_rows_of(Comment, submission).add_columns(Comment.auto_comment))
    for notebook, name, row, before in rows:
        run = graded.executions.get(notebook)
        cell = find_cell(key.unsolved[notebook], name)
        empty = run is not None and run.notebook is not None and unanswered(cell, run.notebook)
        now = NO_RESPONSE if empty else None
        if now != before:
            changed.append({"id": row, "auto_comment": now})
    if changed:
        session.execute(update(Comment), changed)


def _late_penalties(session: Session, submission: SubmittedAssignment, course: CourseDirectory) -> None:
    """As nbgrader's AssignLatePenalties: the course's plug-in decides, from 0 to the score."""
    late, notebooks = submission.total_seconds_late, SubmittedNotebook.assignment_id == submission.id
    session.execute(update(SubmittedNotebook).where(notebooks).values(late_submission_penalty=None))
    if late > 0:
        plugin = _late_plugin(course)
        for notebook in session.scalars(select(SubmittedNotebook).where(notebooks)):
            asked = plugin.late_submission_penalty(submission.student_id, notebook.score, late)
            notebook.late_submission_penalty = asked and min(max(asked, 0), notebook.score)


def _late_plugin(course: CourseDirectory):
    from nbgrader.preprocessors import AssignLatePenalties

    step = AssignLatePenalties(config=course.config)
    step.init_plugin()
    return step.plugin_inst


def _rows_of(kind: type, submission: str) -> Select:
    """Notebook, grade_id and id of each row of `kind` (Grade or Comment) of a submission."""
    return (
        select(Notebook.name, BaseCell.name, kind.id)
        .join(SubmittedNotebook, SubmittedNotebook.id == kind.notebook_id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(BaseCell, BaseCell.id == kind.cell_id)
        .where(SubmittedNotebook.assignment_id == submission)
    )
