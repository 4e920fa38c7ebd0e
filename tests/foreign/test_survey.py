"""Reference and blank release go first: what runs inside, what is held back, what is named."""

import json
import os
import subprocess
import sys

import pytest
from foreign_course import ASSIGNMENT, BASE, hand_in, notebook, write
from repository import ROOT
from two_questions import HALF, SOURCE, WHOLE_TESTED, graded

from grader.course.directory import open_course
from grader.course.key import load_key
from grader.errors import CourseError
from grader.grading.assignment import grade_assignment
from grader.records import Place

BUILT_ON_SAND = """#% plain
from no_such_module import base
#% solution
### BEGIN SOLUTION
sum_of_all = base + 1
### END SOLUTION
#% test 1
assert sum_of_all == 2
"""


def test_one_broken_question_waits_and_the_others_are_graded(tmp_path):
    text = f"{HALF}#% test 2\nimport no_such_module\nassert half(4) == 2\n{WHOLE_TESTED}{BUILT_ON_SAND}"
    course = write(tmp_path, text)
    summary, marks = graded(course)
    assert marks == {"reference": [None, 1.0, None], "blank": [None, 0.0, None]}
    held = summary.survey["nb"].held
    assert "no_such_module" in held["test1"]
    assert held["test3"].endswith(  # not the name that the test misses: what that came from
        "(the cell with base ended with ModuleNotFoundError: No module named 'no_such_module')"
    )
    assert len(summary.not_graded) == 2
    told = command("grade", ASSIGNMENT, "--course-dir", course, "--force")
    assert told.returncode == 1
    assert "nb.ipynb: test1: NOT GRADED" in told.stdout and "no_such_module" in told.stdout


def test_plain_cells_that_raise_or_are_no_python_are_skipped_and_named(tmp_path):
    text = f"#% plain\nthis is no Python\n#% plain\n1 / 0\n{HALF}#% test 1\nassert half(4) == 2\n"
    summary, marks = graded(write(tmp_path, text))
    assert marks == {"reference": [1.0], "blank": [0.0]}
    syntax, division = summary.survey["nb"].notes
    assert "cell 1 raises SyntaxError" in syntax and "cell 2 raises ZeroDivisionError" in division


def with_kernel(course, name, language):
    nb = notebook(f"{HALF}#% test 1\nassert half(4) == 2\n")
    nb.metadata.kernelspec = {"name": name, "display_name": language, "language": language}
    (course / "source" / ASSIGNMENT / "other.ipynb").write_text(json.dumps(nb))


def test_a_notebook_for_another_kernel_is_named_and_left_out(tmp_path):
    course = write(tmp_path, f"{HALF}#% test 1\nassert half(4) == 2\n")
    with_kernel(course, "ir", "R")
    summary, marks = graded(course)
    assert (summary.foreign, marks["reference"]) == ({"other": "R"}, [1.0])
    (course / "source" / ASSIGNMENT / "nb.ipynb").unlink()
    with pytest.raises(CourseError, match=r"other.ipynb: this notebook wants R"):
        load_key(open_course(course), ASSIGNMENT)


def test_an_author_says_where_a_test_runs(tmp_path):
    text = f"{HALF}#% test 1\nassert half(4) == 2\n#% test 1\nassert half(8) == 4\n"
    course = write(tmp_path, text, 'c.Grader.inside = ["nb/test1"]\n')
    summary, marks = graded(course)
    assert summary.survey["nb"].places == {"test1": Place.INSIDE}
    assert marks == {"reference": [1.0, 1.0], "blank": [0.0, 0.0]}


def test_a_survey_is_kept_until_the_assignment_changes(tmp_path):
    course = write(tmp_path, f"{HALF}#% test 1\nassert half(4) == 2\n")
    graded(course)
    record = course / "runs" / f"{ASSIGNMENT}.survey.json"
    kept = json.loads(record.read_text())
    kept["found"]["nb"]["places"] = {"test1": "inside"}  # nobody would find that out again
    record.write_text(json.dumps(kept))
    hand_in(course, {"late": None})
    again = grade_assignment(course, ASSIGNMENT)
    assert again.survey["nb"].places == {"test1": Place.INSIDE}
    source = course / "source" / ASSIGNMENT / "nb.ipynb"
    source.write_text(source.read_text().replace("half(4) == 2", "half(8) == 4"))
    assert grade_assignment(course, ASSIGNMENT).survey["nb"].places == {}


def test_what_must_run_outside_is_held_where_it_cannot(tmp_path):
    course = write(tmp_path, f"{HALF}#% test 1\n{SOURCE}{WHOLE_TESTED}")
    path = course / "source" / ASSIGNMENT / "nb.ipynb"
    nb = json.loads(path.read_text())
    nb["cells"][1]["metadata"]["where"] = "outside"
    path.write_text(json.dumps(nb))
    _summary, marks = graded(course)
    assert marks["reference"] == [None, 1.0]
    nb["cells"][1]["metadata"]["where"] = "elsewhere"
    path.write_text(json.dumps(nb))
    with pytest.raises(CourseError, match="`where` is 'elsewhere' -- write inside or outside"):
        grade_assignment(course, ASSIGNMENT)


def test_a_test_that_pays_for_a_blank_answer_in_nbgrader_too_is_named(tmp_path):
    text = f"{HALF}#% test 1\nassert callable(half)\n#% test 1\nassert half(4) == 2\n"
    summary, marks = graded(write(tmp_path, text))
    assert marks == {"reference": [1.0, 1.0], "blank": [1.0, 0.0]}
    assert summary.survey["nb"].paid == {
        "test1": "a blank answer earns 1 of 1 points, as it does in nbgrader"
    }


def test_a_test_whose_failures_are_only_written_pays_nobody(tmp_path):
    """nbgrader gives 0 to everybody: what unittest writes goes to stderr."""
    silent = (
        "import unittest\nclass T(unittest.TestCase):\n    def test(self):\n"
        "        self.assertEqual(half(4), 2)\nunittest.main(argv=['x'], exit=False);\n"
    )
    text = f"{HALF}#% test 1\n{silent}{WHOLE_TESTED}"
    summary, marks = graded(write(tmp_path, text))
    assert marks == {"reference": [None, 1.0], "blank": [None, 0.0]}
    assert "a blank answer earns points" in summary.survey["nb"].held["test1"]


def test_check_shows_every_test_of_any_course(tmp_path):
    text = (
        f"{HALF}#% test 1\n{SOURCE}assert half(2) == 1\n#% test 2\nassert half(4) == 2\n"
        f"#% test 1\nassert type(half) is type(lambda: 0) and half.__closure__ is None and half(6) == 3\n"
        f"#% test 1\n%%capture\nassert half(6) == 3\n#% test 1\nassert half(8) == 4\n"
        f"#% test 2\n1.5 * (half(8) == 4)\n"
    )
    course = write(tmp_path, text, 'c.Grader.inside = ["test5"]\n')
    told = command("check", "--course-dir", course)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "6 tests, 5 inside, 0 problems" in told.stdout
    assert "ps: nb.ipynb: test6: the reference answer earns 1.5 of 2 points" in told.stdout
    assert "ps: nb: test1: inside: outside, the reference answer earns 0 of 1 points" in told.stdout
    assert "ps: nb: test4: inside: %%capture" in told.stdout
    assert "ps: nb: test5: inside: the course says so" in told.stdout
    (course / "nbgrader_config.py").write_text(BASE)
    path = course / "source" / ASSIGNMENT / "nb.ipynb"
    path.write_text(path.read_text().replace("half(4) == 2", "half(4) == 3"))
    told = command("check", ASSIGNMENT, "--course-dir", course)
    assert told.returncode == 1
    assert "✗ ps: nb: test2: the reference answer earns 0 of 2 points" in told.stdout


def command(*words):
    env = os.environ | {"COLUMNS": "300"}
    line = [sys.executable, "-m", "grader", *map(str, words)]
    return subprocess.run(line, capture_output=True, text=True, cwd=ROOT, env=env)
