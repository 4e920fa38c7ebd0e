"""The settings of a course: where a limit comes from, and what is no limit."""

import pytest
from small_course import write_course

from grader.course.directory import open_course
from grader.errors import CourseError
from grader.records import Limits


def course_with(tmp_path, lines: str):
    course = write_course(tmp_path)
    (course / "nbgrader_config.py").write_text(f"c = get_config()\n{lines}\n")
    return open_course(course)


@pytest.mark.parametrize(
    "line, name, value",
    [
        ("", "cell_seconds", Limits().cell_seconds),
        ("c.Execute.timeout = 8", "cell_seconds", 10.0),
        ("c.ExecutePreprocessor.timeout = 40", "cell_seconds", 50.0),
        ("c.Execute.timeout = 8; c.Grader.cell_seconds = 3", "cell_seconds", 3.0),
        ("c.Grader.memory_mb = 2048", "memory_mb", 2048),
        ("c.Grader.notebook_seconds = 600", "notebook_seconds", 600.0),
    ],
)
def test_a_limit_is_what_the_course_says(tmp_path, line, name, value):
    limit = getattr(course_with(tmp_path, line).limits, name)
    assert (limit, type(limit)) == (value, type(value))


@pytest.mark.parametrize("value", ["0", "-1", "'long'", "True", "None"])
def test_what_is_no_limit_is_named(tmp_path, value):
    with pytest.raises(CourseError, match=r"nbgrader_config.py.*c.Grader.cell_seconds"):
        course_with(tmp_path, f"c.Grader.cell_seconds = {value}").limits  # noqa: B018
