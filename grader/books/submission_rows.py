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
from nbgrader.utils import is_task, parse_utc
from sqlalchemy import Connection, Select, bindparam, insert, select, update
from sqlalchemy.orm import Session

from grader.answer_key import AnswerKey
from grader.books.empty_rows import add_empty_rows
from grader.books.lateness import penalise
from grader.notebook.cells import get_cell, unanswered
from grader.records import GradedSubmission

if TYPE_CHECKING:
    from grader.course.directory import Course

NO_RESPONSE = "No response."  # nbgrader's words

# Statements are made once, on tables: to put one together, or to carry one out by way of the classes, takes
# longer than the database takes to do what it says.
_SUBMITTED, _PART, _GRADE, _COMMENT = (
    kind.__table__ for kind in (SubmittedAssignment, SubmittedNotebook, Grade, Comment)
)
_ASSIGNMENT, _NOTEBOOK, _CELL, _STUDENT = (
    kind.__table__ for kind in (Assignment, Notebook, BaseCell, Student)
)
ASSIGNMENT = select(_ASSIGNMENT.c.id, _ASSIGNMENT.c.duedate).where(_ASSIGNMENT.c.name == bindparam("name"))
KNOWN = select(_STUDENT.c.id).where(_STUDENT.c.id == bindparam("student_id"))
SUBMISSION = select(_SUBMITTED.c.id).where(
    _SUBMITTED.c.assignment_id == bindparam("assignment_id"),
    _SUBMITTED.c.student_id == bindparam("student_id"),
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


def record(session: Session, course: Course, key: AnswerKey, graded: GradedSubmission) -> None:
    """Write one submission's grades; manual scores and comments stay as they are."""
    rows = session.connection()
    assignment, due = rows.execute(ASSIGNMENT, {"name": key.assignment}).one()
    submission = _submission(rows, assignment, graded)
    _record_scores(rows, submission, graded)
    _record_comments(rows, submission, key, graded)
    rows.execute(NO_PENALTY, {"submission": submission})
    if due is not None:
        penalise(session, course, key.assignment, graded.submission.student)


def _submission(rows: Connection, assignment: str, graded: GradedSubmission) -> str:
    """The id of the submission's row, which is made, with all rows below it, where it is missing."""
    student, taken = graded.submission.student, graded.submission.submitted_at
    place = {"assignment_id": assignment, "student_id": student}
    row = rows.execute(SUBMISSION, place).scalar_one_or_none()
    if row is None:
        row = new_uuid()
        if rows.execute(KNOWN, {"student_id": student}).first() is None:
            rows.execute(insert(_STUDENT), {"id": student})
        rows.execute(insert(_SUBMITTED), {"id": row, **place})
        add_empty_rows(rows, "id", row)
    if taken is not None:
        rows.execute(TIMESTAMP, {"submission": row, "taken": parse_utc(taken)})
    return row


def _record_scores(rows: Connection, submission: str, graded: GradedSubmission) -> None:
    there = rows.execute(_there(_GRADE), {"submission": submission})
    known = {(notebook, name): (row, manual) for notebook, name, row, manual in there}
    found = []
    for notebook, scores in graded.scores.items():
        ran = graded.again.get(notebook)
        for score in scores:
            if ran is not None and score.grade_id not in ran:  # nobody need look at it again
                continue
            row, manual = known[notebook, score.grade_id]
            if manual is not None and (notebook, score.grade_id) in graded.as_before:
                continue
            # a grade given by hand is kept, but somebody should look at it again
            look = score.needs_manual_grade or manual is not None
            found.append({"row": row, "score": score.auto_score, "look": look})
    if found:
        rows.execute(SCORE, found)


def _record_comments(rows: Connection, submission: str, key: AnswerKey, graded: GradedSubmission) -> None:
    changed = []
    for notebook, name, row, before in rows.execute(_there(_COMMENT), {"submission": submission}):
        run = graded.executions.get(notebook)
        cell = get_cell(key.unsolved[notebook], name)
        empty = run is not None and run.notebook is not None and unanswered(cell, run.notebook)
        now = NO_RESPONSE if empty and not is_task(cell) else None  # a task is answered in the cells below it
        if now != before:
            changed.append({"row": row, "said": now})
    if changed:
        rows.execute(COMMENT, changed)


@cache
def _there(kind: Any) -> Select:
    """Notebook, grade_id, id, and what is there already, of each row of a submission in a table."""
    there = kind.c.manual_score if kind is _GRADE else kind.c.auto_comment
    return (
        select(_NOTEBOOK.c.name, _CELL.c.name, kind.c.id, there)
        .select_from(kind)
        .join(_PART, _PART.c.id == kind.c.notebook_id)
        .join(_NOTEBOOK, _NOTEBOOK.c.id == _PART.c.notebook_id)
        .join(_CELL, _CELL.c.id == kind.c.cell_id)
        .where(_PART.c.assignment_id == bindparam("submission"))
    )
