"""The marks of an assignment as nbgrader's gradebook has them: manual scores and late penalties are in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    GradeCell,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grader.books.cell_rows import cells_of
from grader.points import total

Question = tuple[str, str]  # notebook, grade_id


@dataclass(frozen=True)
class Person:
    """A student as gradebook and roster know them; what is not known is empty."""

    id: str
    last_name: str = ""
    first_name: str = ""
    email: str = ""
    lms_user_id: str = ""


@dataclass(frozen=True)
class Mark:
    """What one student has for an assignment. A score of None waits for a human or for our machines.

    `penalty` is nbgrader's for being late; `waits` says why there is no mark yet, "" when there is one;
    `told` what to know of a mark that is there, such as a notebook that was not handed in.
    """

    person: Person
    handed_in: bool = False
    scores: Mapping[Question, float | None] = field(default_factory=dict)
    penalty: float = 0.0
    waits: str = ""
    told: str = ""

    @property
    def is_known(self) -> bool:
        return self.handed_in and not self.waits

    @property
    def raw_score(self) -> float | None:
        """Points before the penalty."""
        return total(score or 0.0 for score in self.scores.values()) if self.is_known else None

    @property
    def score(self) -> float | None:
        """The mark: what nbgrader exports, None as long as there is none."""
        return None if self.raw_score is None else max(0.0, total([self.raw_score, -self.penalty]))


def read_questions(session: Session, assignment: str) -> dict[Question, float]:
    """(notebook, grade_id) -> its maximum, by name."""
    found: dict[Question, float] = {}
    for kind in (GradeCell, TaskCell):
        query = (
            select(Notebook.name, kind.name, kind.max_score)
            .join(Notebook, Notebook.id == kind.notebook_id)
            .join(Assignment, Assignment.id == Notebook.assignment_id)
            .where(Assignment.name == assignment)
        )
        found |= {(notebook, name): float(points) for notebook, name, points in session.execute(query)}
    return dict(sorted(found.items()))


def read_marks(session: Session, assignment: str) -> dict[str, Mark]:
    """student id -> mark, of all students in the gradebook, by id."""
    scores, penalties = _scores(session, assignment), _penalties(session, assignment)
    marks = {}
    for student in session.scalars(select(Student).order_by(Student.id)):
        own = scores.get(student.id, {})
        waiting = [f"{notebook}/{name}" for (notebook, name), score in own.items() if score is None]
        waits = f"needs manual grade: {', '.join(waiting)}" if waiting else ""
        late = penalties.get(student.id, 0.0)
        marks[student.id] = Mark(_person(student), student.id in penalties, own, late, waits)
    return marks


def _person(student: Student) -> Person:
    known = {name: getattr(student, name) or "" for name in ("last_name", "first_name", "email")}
    return Person(student.id, lms_user_id=student.lms_user_id or "", **known)


def _scores(session: Session, assignment: str) -> dict[str, dict[Question, float | None]]:
    query = cells_of(assignment, Grade).add_columns(
        Grade.score, Grade.auto_score, Grade.manual_score, Grade.needs_manual_grade
    )
    found: dict[str, dict[Question, float | None]] = {}
    for student, notebook, name, score, auto, manual, look in session.execute(
        query.order_by(Notebook.name, BaseCell.name)
    ):
        waits = look or (auto is None and manual is None)
        found.setdefault(student, {})[notebook, name] = None if waits else score
    return found


def _penalties(session: Session, assignment: str) -> dict[str, float]:
    """student id -> late penalty, 0 for who was in time; only those who handed in."""
    query = (
        select(
            SubmittedAssignment.student_id,
            func.coalesce(func.sum(SubmittedNotebook.late_submission_penalty), 0.0),
        )
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .outerjoin(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .where(Assignment.name == assignment)
        .group_by(SubmittedAssignment.student_id)
    )
    return dict(map(tuple, session.execute(query)))
