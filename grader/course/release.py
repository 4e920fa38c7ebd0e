"""Source notebooks -> what students open, by nbgrader's own generate_assignment."""

from pathlib import Path

from nbgrader.converters import GenerateAssignment

from grader.course.directory import open_course
from grader.errors import CourseError


def release(course_dir: Path, assignment: str) -> Path:
    """Write release/ASSIGNMENT from source/ASSIGNMENT, without touching the gradebook."""
    course = open_course(course_dir)
    coursedir = course.nbgrader
    coursedir.assignment_id = assignment
    config = coursedir.config
    config.GenerateAssignment.no_database = True
    config.GenerateAssignment.force = True
    config.SaveCells.enabled = False
    try:
        GenerateAssignment(coursedir=coursedir, config=config).start()
    except SystemExit:  # nbgrader's way to say no
        problem, remedy = "nbgrader could not make the release", "see its message above"
        raise CourseError(problem, file=f"source/{assignment}", remedy=remedy) from None
    return course.folder("release", ".", assignment)
