"""Deadlines in the gradebook: due dates, extensions, the penalties that follow, and why in words."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from nbgrader.api import Assignment, SubmittedAssignment, SubmittedNotebook
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from grader.books.late_days import LateDays, count, late_before, seconds_late

if TYPE_CHECKING:
    from grader.course.directory import Course


def set_deadlines(session: Session, course: Course, assignment: str) -> None:
    """Bring the gradebook's due date and extensions into line with the course's own, where it has any."""
    row = session.scalars(select(Assignment).filter_by(name=assignment)).one_or_none()
    deadlines = course.deadlines
    if row is None:
        return
    if assignment in deadlines.due:
        row.duedate = deadlines.due[assignment]
    if deadlines.extensions is None or row.duedate is None:
        return
    query = select(
        SubmittedAssignment.id, SubmittedAssignment.student_id, SubmittedAssignment.extension
    ).filter_by(assignment_id=row.id)
    for one, student, before in session.execute(query).all():
        now = deadlines.extension(student, assignment, row.duedate)
        if now != before:
            session.execute(
                update(SubmittedAssignment).where(SubmittedAssignment.id == one).values(extension=now)
            )


def has_policy(course: Course) -> bool:
    """Whether the course itself says what lateness costs; penalties may be there from somewhere else."""
    return "plugin_class" in course.config.AssignLatePenalties


def settle(session: Session, course: Course, assignment: str) -> None:
    """Take up due dates and extensions that changed, and set all late penalties by them and by the scores.

    Writes only where something is otherwise, so that who has nothing to settle needs no lock.
    """
    set_deadlines(session, course, assignment)
    session.flush()
    penalise(session, course, assignment)


def penalise(session: Session, course: Course, assignment: str, student: str = "") -> None:
    """Set the penalties of an assignment, or of one student's, as nbgrader's AssignLatePenalties would."""
    plugin = _step(session, course, assignment).plugin_inst
    late = {one.id: one for one in _submissions(session, assignment, student) if one.late > 0}
    for part, owner, score, before in _parts(session, assignment, student, list(late)):
        now = None
        if owner in late:
            asked = plugin.late_submission_penalty(late[owner].student, score, late[owner].late)
            now = asked and min(max(asked, 0.0), score)
        if now != before:
            row = update(SubmittedNotebook).where(SubmittedNotebook.id == part)
            session.execute(row.values(late_submission_penalty=now))


def _parts(session: Session, assignment: str, student: str, late: list[str]) -> list:
    """(id, id of its submission, score, penalty) of the notebooks that are late, or have a penalty."""
    penalty = SubmittedNotebook.late_submission_penalty
    query = (
        select(SubmittedNotebook.id, SubmittedNotebook.assignment_id, SubmittedNotebook.score, penalty)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(Assignment.name == assignment)
        .where(or_(SubmittedNotebook.assignment_id.in_(late), penalty.is_not(None)))
    )
    query = query.where(SubmittedAssignment.student_id == student) if student else query
    return list(session.execute(query))


def reasons(session: Session, course: Course, assignment: str) -> Iterator[tuple[str, str]]:
    """(student, why the mark of a late submission is what it is)."""
    plugin = _step(session, course, assignment).plugin_inst
    for one in _submissions(session, assignment):
        if one.late > 0:
            yield one.student, _reason(session, course, assignment, one, plugin)


@dataclass(frozen=True)
class _HandIn:
    """One submission: when it came, when it was due for this student, seconds between."""

    id: str
    student: str
    came: datetime
    due: datetime
    extension: timedelta | None
    late: float


def _reason(session: Session, course: Course, assignment: str, one: _HandIn, plugin: Any) -> str:
    local = course.deadlines.local
    extended = f", with your extension of {_span(one.extension.total_seconds())}" if one.extension else ""
    told = f"It was due {local(one.due)}{extended}, and came {local(one.came)}"
    if isinstance(plugin, LateDays):
        late = plugin.judge(one.late, late_before(session, assignment, one.student))
        return f"{told}: {late.words(plugin.late_days)}."
    return f"{told}, {_span(one.late)} late."


def _step(session: Session, course: Course, assignment: str) -> AssignLatePenalties:
    """nbgrader's step with the course's plug-in, as the plug-in finds it in `nbgrader autograde`."""
    step = AssignLatePenalties(config=course.config)
    step.gradebook, step.assignment_id = SimpleNamespace(db=session), assignment
    step.init_plugin()
    return step


def _submissions(session: Session, assignment: str, student: str = "") -> list[_HandIn]:
    """All submissions of an assignment, or one student's; without a time or a due date none is late."""
    query = (
        select(
            SubmittedAssignment.id,
            SubmittedAssignment.student_id,
            SubmittedAssignment.timestamp,
            Assignment.duedate,
            SubmittedAssignment.extension,
        )
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(Assignment.name == assignment)
    )
    query = query.where(SubmittedAssignment.student_id == student) if student else query
    found = []
    for row, name, came, due, extension in session.execute(query).all():
        mine = due + extension if due and extension else due
        found.append(_HandIn(row, name, came, mine, extension, seconds_late(due, came, extension)))
    return found


def _span(seconds: float) -> str:
    """A time in its two largest units."""
    minutes = max(1, math.ceil(seconds / 60))
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [count(n, unit) for n, unit in ((days, "day"), (hours, "hour"), (minutes, "minute")) if n]
    return " and ".join(parts[:2])
