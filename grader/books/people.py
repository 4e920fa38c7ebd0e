"""The students in nbgrader's gradebook: names and addresses go in with a roster, and come out as one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from nbgrader.api import Student
from sqlalchemy import select
from sqlalchemy.orm import Session

from grader.books.database import reading, writing

if TYPE_CHECKING:
    from grader.course.directory import Course

FIELDS = ("first_name", "last_name", "email", "lms_user_id")


def store_people(course: Course, people: Iterable[Mapping[str, str]]) -> None:
    """Add or complete students, as `nbgrader db student import` would; a cell left empty changes nothing."""
    with writing(course) as session:
        known = {student.id: student for student in session.scalars(select(Student))}
        for row in people:
            _store(session, known.get(row["id"]) or Student(id=row["id"]), row)


def read_people(course: Course) -> list[dict[str, str]]:
    """The students by id, with the columns of a roster; none where nobody's name or address is known."""
    with reading(course) as session:
        students = session.scalars(select(Student).order_by(Student.id)).all()
    found = [{"id": one.id} | {name: getattr(one, name) or "" for name in FIELDS} for one in students]
    return found if any(row[name] for row in found for name in FIELDS) else []


def _store(session: Session, student: Student, row: Mapping[str, str]) -> None:
    for name in FIELDS:
        if row.get(name):
            setattr(student, name, row[name])
    session.add(student)
