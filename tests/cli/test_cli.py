"""Bad input to a command is one clear line and exit code 2, never a traceback."""

import pytest
from click.testing import CliRunner

from grader.cli import main

BAD = {
    "an unknown command": ["nope"],
    "no such course": ["grade", "ps", "--course-dir", "/nonexistent"],
    "no jobs": ["grade", "ps", "--jobs", "0"],
    "no archive": ["collect", "ps"],
    "an unknown assignment": ["grade", "nothing", "--course-dir", "{course}"],
    "an unknown chapter": ["build", "nothing", "--course-dir", "{course}"],
    "no feedback yet": ["feedback", "nothing", "--course-dir", "{course}"],
    "no notebook": ["try", "{course}/none.ipynb"],
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_line(case, mini_course):
    result = CliRunner().invoke(main, [word.format(course=mini_course) for word in BAD[case]])
    assert result.exit_code == 2
    assert len(result.output.strip().splitlines()) == 1, result.output


def test_a_gradebook_that_is_none_is_named(mini_course):
    (mini_course / "gradebook.db").write_text("no database " * 99)
    assert CliRunner().invoke(main, ["build", "--course-dir", str(mini_course)]).exit_code == 0
    (mini_course / "submitted" / "ada" / "00_mini").mkdir(parents=True)
    result = CliRunner().invoke(main, ["grade", "00_mini", "--course-dir", str(mini_course), "--jobs", "1"])
    assert result.exit_code == 2
    assert "gradebook.db: file is not a database -- restore" in result.output


def test_good_input_is_no_error(mini_course):
    result = CliRunner().invoke(main, ["build", "--course-dir", str(mini_course)])
    assert result.exit_code == 0 and "built" in result.output
