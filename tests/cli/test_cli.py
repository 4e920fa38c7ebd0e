"""Bad input to a command is one clear line and exit code 2, never a traceback."""

import os
import subprocess
from importlib.metadata import version

import pytest
from click.testing import CliRunner
from small_course import GOOD, submit, write_course

from grader.cli import main
from grader.errors import CourseError
from grader.marking.pile import open_piles

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


BEFORE = {
    "grade ps": "nobody handed in ps -- put notebooks there, or run `grader collect`",
    "feedback ps": "run `grader grade` first",
    "report ps": "run `grader grade` first",
    "propose ps": "run `grader grade` first",
    "similar ps": "run `grader grade` first",
    "export ps --to csv": "grade it first",
    "export psx --to csv": "did you mean ps?",
    "release": "`nbgrader generate_assignment` makes the release",
}


@pytest.mark.parametrize("command", BEFORE)
def test_what_comes_too_early_says_what_comes_first(tmp_path, command):
    course = write_course(tmp_path)
    result = CliRunner().invoke(main, [*command.split(), "--course-dir", str(course)])
    assert result.exit_code == 2 and BEFORE[command] in result.output
    assert len(result.output.strip().splitlines()) == 1, result.output


def test_nobody_marks_what_is_not_graded(tmp_path):
    with pytest.raises(CourseError, match="run `grader grade` first"):
        open_piles(write_course(tmp_path), "ps")


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


def test_it_says_its_version():
    assert version("nbgrader-judge") in CliRunner().invoke(main, ["--version"]).output


def test_where_nothing_is_new_no_warm_process_starts(tmp_path, monkeypatch):
    course, started = write_course(tmp_path), []
    path, start = submit(course, "ada", GOOD), subprocess.Popen

    def noted(command, **how):
        started.append(command)
        return start(command, **how)

    def grade():
        """Whether a warm process was started."""
        started.clear()
        words = ["grade", "ps", "--course-dir", str(course), "--jobs", "1"]
        assert CliRunner().invoke(main, words).exit_code == 0
        return any("grader.engine.sandbox.fork_server" in command for command in started)

    monkeypatch.setattr(subprocess, "Popen", noted)
    assert grade() and not grade()
    path.write_bytes(path.read_bytes() + b" ")  # its folder is as old as before
    assert grade() and not grade()
    os.utime(path.parent)  # a wrong guess
    assert grade()


def test_doctor_tells_the_limits_of_the_course_it_stands_in(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    nowhere = CliRunner().invoke(main, ["doctor"])
    assert nowhere.exit_code == 0 and "no course: the defaults" in nowhere.output
    course = write_course(tmp_path)
    with (course / "nbgrader_config.py").open("a") as config:
        config.write("\nc.Grader.memory_mb = 777\n")
    monkeypatch.chdir(course)
    output = CliRunner().invoke(main, ["doctor"]).output
    assert str(course) in output and "limit memory_mb                  777" in output
