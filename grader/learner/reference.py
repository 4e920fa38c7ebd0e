"""The course's own answer to an exercise, as a learner who earned it sees it."""

from grader.course.chapter import Chapter
from grader.errors import CourseError
from grader.notebook.given_lines import without_markers


def solution(chapter: Chapter, exercise: str) -> str:
    """The reference answer of an exercise, without its markers."""
    if exercise not in chapter.exercises:
        known = ", ".join(chapter.exercises)
        raise CourseError(f"no exercise {exercise!r}", file=chapter.name, remedy=f"exercises here: {known}")
    return without_markers(chapter.exercises[exercise].source)
