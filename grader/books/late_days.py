"""What being late costs: grace, a pool of late days, a share of the score, through nbgrader's own plug-in.

    c.AssignLatePenalties.plugin_class = "grader.books.late_days.LateDays"
    c.LateDays.grace_minutes, c.LateDays.late_days, c.LateDays.per_day, c.LateDays.last_day = 15, 5, 0.1, 3

Due dates and extensions lie in the gradebook, where formgrader shows them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from nbgrader.api import Assignment, SubmittedAssignment
from nbgrader.plugins import LateSubmissionPlugin
from sqlalchemy import select
from sqlalchemy.orm import Session
from traitlets import Float, Integer

DAY = 86_400.0


@dataclass(frozen=True)
class LateSubmission:
    """One late submission: days begun after the grace, those that late days cover, what the rest costs.

    `share` of the score is taken off, from 0 to 1.
    """

    days: int
    covered: int
    share: float

    @property
    def charged(self) -> int:
        return self.days - self.covered

    def words(self, pool: int) -> str:
        """Why the mark is what it is, for the student."""
        parts = [f"{count(self.days, 'day')} late"]
        parts += [f"{self.covered} of {count(pool, 'late day')} used"] if self.covered else []
        parts += [f"{self.share:.0%} off for {count(self.charged, 'day')}"] if self.share else []
        return "; ".join(parts) if self.days else "within the minutes of grace"


class LateDays(LateSubmissionPlugin):
    """A share of the score for each day begun, after minutes of grace and a pool of late days."""

    grace_minutes = Float(0.0, help="A day is late when more than so many minutes of it have gone.").tag(
        config=True
    )
    late_days = Integer(0, help="Days that each student may be late for nothing, in the whole course.").tag(
        config=True
    )
    per_day = Float(0.0, help="Share of the score for each day begun, from 0 to 1.").tag(config=True)
    last_day = Integer(0, help="After so many days the score is zero; 0: never.").tag(config=True)

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float:
        """Points off `score`. Late days go to the assignments in the order in which they were due."""
        earlier = self._earlier(student_id)
        return score * self.judge(total_seconds_late, earlier).share

    def judge(self, seconds: float, earlier: Iterable[float]) -> LateSubmission:
        """What `seconds` after the deadline mean for who was late by `earlier` seconds before."""
        left = self.late_days
        for before in earlier:
            left -= min(self._days(before), left)
        days = self._days(seconds)
        covered = min(days, left)
        return LateSubmission(days, covered, self._share(days - covered))

    def _days(self, seconds: float) -> int:
        return max(0, math.ceil((seconds - 60 * self.grace_minutes) / DAY))

    def _share(self, charged: int) -> float:
        if self.last_day and charged > self.last_day:
            return 1.0
        return min(1.0, max(0.0, self.per_day * charged))

    def _earlier(self, student: str) -> list[float]:
        """By how many seconds a student was late before; the step that runs us has the gradebook open."""
        step = self.parent
        return late_before(step.gradebook.db, step.assignment_id, student)


def late_before(session: Session, assignment: str, student: str) -> list[float]:
    """Seconds after the deadline of a student's assignments that were due before this one."""
    due = session.scalars(select(Assignment.duedate).filter_by(name=assignment)).one()
    query = (
        select(
            Assignment.name, Assignment.duedate, SubmittedAssignment.timestamp, SubmittedAssignment.extension
        )
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(SubmittedAssignment.student_id == student, Assignment.duedate.is_not(None))
        .order_by(Assignment.duedate, Assignment.name)
    )
    rows = session.execute(query).all()
    return [seconds_late(*row[1:]) for row in rows if due is None or (row[1], row[0]) < (due, assignment)]


def seconds_late(due: datetime | None, came: datetime | None, extension: timedelta | None) -> float:
    """Seconds after the deadline, 0 for who was in time or where a time is not known."""
    if due is None or came is None:
        return 0.0
    return max(0.0, (came - due - (extension or timedelta(0))).total_seconds())


def count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
