"""Which submissions of an assignment there are, and what is given to who grades them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.answer_key import AnswerKey
from grader.course.directory import Course
from grader.errors import CourseError
from grader.grading.earlier_runs import EarlierRuns
from grader.grading.score import not_graded
from grader.intake.submissions import list_submissions, read_submission
from grader.records import GradedSubmission, Submission

if TYPE_CHECKING:
    from grader.grading.workers import Task


def students_of(course: Course, assignment: str, pattern: str) -> list[str]:
    """Who handed in something, of those that match. Raises CourseError where that is nobody."""
    names = list_submissions(course, assignment, pattern)
    if not names:
        remedy = "put notebooks there, or run `grader collect`"
        who = "nobody" if pattern == "*" else f"nobody who matches {pattern!r}"
        problem = f"{who} handed in {assignment}"
        raise CourseError(problem, file=course.root / "submitted", remedy=remedy)
    return names


def tasks_of(
    course: Course,
    key: AnswerKey,
    students: list[str],
    earlier: EarlierRuns,
    failures: list[GradedSubmission],
) -> Iterator[Task]:
    """What to grade; whoever's folder cannot be read joins `failures` and stops nobody else."""
    for student in students:
        try:
            submission = read_submission(course, key.assignment, student)
            yield submission, earlier.seed(student), earlier.of(student)
        except Exception as error:
            nothing = Submission(student, key.assignment, None, {})
            reason = f"cannot be read: {type(error).__name__}: {error}"[:300]
            failures.append(not_graded(key, nothing, reason))
