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
        ("", "cell_seconds", 37.5),  # nbgrader's own 30, and what a busy machine may add
        ("", "notebook_seconds", 225.0),
        ("c.NotebookClient.timeout = 60", "cell_seconds", 75.0),
        ("c.ExecutePreprocessor.timeout = None", "cell_seconds", 2250.0),
        ("c.Execute.timeout = -1", "cell_seconds", 2250.0),
        ("c.Execute.timeout = 4; c.ExecutePreprocessor.timeout = 40", "cell_seconds", 5.0),
        ("c.Execute.timeout = 4; c.Execute.timeout_func = lambda cell: 80", "cell_seconds", 100.0),
        ("c.Execute.timeout = 4; c.Execute.timeout_func = lambda cell: cell.no", "cell_seconds", 5.0),
        ("c.Execute.timeout = 300", "notebook_seconds", 2250.0),
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


def test_a_course_of_chapters_keeps_its_own_times(tmp_path):
    course = course_with(tmp_path, "")
    course.chapters.mkdir()
    assert open_course(course.root).limits == Limits()


@pytest.mark.parametrize("value", ["0", "-1", "'long'", "True", "None"])
def test_what_is_no_limit_is_named(tmp_path, value):
    with pytest.raises(CourseError, match=r"nbgrader_config.py.*c.Grader.cell_seconds"):
        course_with(tmp_path, f"c.Grader.cell_seconds = {value}").limits  # noqa: B018
