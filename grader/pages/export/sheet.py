"""The marks of a class for one assignment, ready to be written: gradebook, roster and runs together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.books.database import reading
from grader.books.gradebook import settle_lateness
from grader.books.marks import Mark, Person, Question, read_marks, read_questions
from grader.books.run_files import read_run
from grader.books.runs import PARTLY, Run
from grader.course.directory import Course
from grader.course.key import load_key
from grader.errors import CourseError
from grader.grading.score import question_cells
from grader.intake.roster import read_students
from grader.intake.submissions import list_submissions
from grader.records import Status

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Sheet:
    """The marks of an assignment by student id, and what each of its questions is worth."""

    assignment: str
    questions: Mapping[Question, float]
    marks: Mapping[str, Mark]

    @property
    def max_score(self) -> float:
        return sum(self.questions.values())

    @property
    def handed_in(self) -> list[Mark]:
        return [mark for mark in self.marks.values() if mark.handed_in]

    @property
    def notes(self) -> Iterator[str]:
        """A line for each reason to wait for marks or to look at them; one for who handed in nothing."""
        whose: dict[str, list[str]] = {}
        for mark in self.handed_in:
            if why := f"no mark yet, {mark.waits}" if mark.waits else mark.told:
                whose.setdefault(why, []).append(mark.person.id)
        yield from (f"{why}: {', '.join(students)}" for why, students in whose.items())
        if absent := len(self.marks) - len(self.handed_in):
            yield f"{absent} handed in nothing and have no mark"


def open_sheet(course: Course, assignment: str, roster: Path | None = None) -> Sheet:
    """The marks in the course's gradebook, late penalties settled first.

    Raises CourseError when the gradebook does not know the assignment, GradebookError.
    """
    settle_lateness(course, assignment)
    with reading(course) as session:
        return read_sheet(session, course, assignment, roster)


def read_sheet(session: Session, course: Course, assignment: str, roster: Path | None = None) -> Sheet:
    """The marks in an open gradebook, with names and addresses of the roster where there is one."""
    questions = _as_they_stand(course, assignment, read_questions(session, assignment))
    if not questions:
        load_key(course, assignment)  # a wrong name is told with the right one
        problem = f"the gradebook has no question of {assignment}"
        raise CourseError(problem, file=course.root, remedy="grade it first")
    marks = read_marks(session, assignment)
    for row in read_students(roster) if roster else ():
        known = marks.get(row["id"], Mark(Person(row["id"])))
        fields = {name: text for name, text in row.items() if text}
        marks[row["id"]] = replace(known, person=replace(known.person, **fields))
    for student in list_submissions(course, assignment):
        known = marks.get(student, Mark(Person(student)))
        run = read_run(course.root, student, assignment)
        missing = f"{run.label}: {run.detail}" if run and run.status is Status.MISSING else ""
        marks[student] = replace(known, handed_in=True, waits=_waits(run, known), told=missing)
    return Sheet(assignment, questions, dict(sorted(marks.items())))


def _as_they_stand(
    course: Course, assignment: str, questions: Mapping[Question, float]
) -> Mapping[Question, float]:
    """The questions in the order of their notebooks, by name where there is no source any more."""
    try:
        unsolved = load_key(course, assignment).unsolved
    except CourseError:
        return questions
    places = [(name, grade_id) for name, nb in unsolved.items() for grade_id in question_cells(nb)]
    order = {question: place for place, question in enumerate(places)}
    return dict(sorted(questions.items(), key=lambda one: order.get(one[0], len(order))))


def _waits(run: Run | None, mark: Mark) -> str:
    """Why a submission has no mark, or only that of an earlier version; "" where the gradebook's holds."""
    if run and run.status is Status.NOT_GRADED:
        return f"{run.label}: {run.detail}"
    if not mark.handed_in:
        return "not graded"
    why = {Status.UNREADABLE: run.detail, PARTLY: run.waiting}.get(run.label) if run else ""
    return f"{run.label}: {why}" if run and why and mark.waits else mark.waits
