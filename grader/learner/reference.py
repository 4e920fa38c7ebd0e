"""The course's own answer to an exercise, as a learner who earned it sees it."""

from grader.course.chapter import BEGIN_SOLUTION, END_SOLUTION, Chapter
from grader.errors import CourseError


def solution(chapter: Chapter, exercise: str) -> str:
    """The reference answer of an exercise, without its markers."""
    if exercise not in chapter.exercises:
        known = ", ".join(chapter.exercises)
        raise CourseError(f"no exercise {exercise!r}", file=chapter.name, remedy=f"exercises here: {known}")
    lines = chapter.exercises[exercise].source.splitlines()
    return "\n".join(line for line in lines if line.strip() not in (BEGIN_SOLUTION, END_SOLUTION))
