"""Grading an assignment for real: sandbox, judge, gradebook, records, CSV."""

import csv
import json
import re

import numpy as np
import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook as Nbgrader
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from small_course import GOOD, HIDDEN, answered, scores, submit, write_course
from traitlets.config import Config

from grader.books.run_files import read_run
from grader.cli import main
from grader.errors import CourseError
from grader.grading.assignment import grade_assignment
from grader.grading.environment import environment
from grader.pages.feedback import write_feedback
from grader.pages.scoresheet import write_csv
from grader.records import Limits, Status

ODD = ["m'); DROP TABLE student;--", "m[a-z]*?", "a\nb", ".hidden", "=1+1", "sp ace", "x" * 120]
PAGE = "feedback/half/ps/ps.html"
WRONG = GOOD | {"relu": "def relu(x):\n    return abs(x)"}
LIMITS = Limits(cell_seconds=3.0)


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class with all that happens in classes, graded once."""
    course = write_course(tmp_path_factory.mktemp("graded"))
    submit(course, "good", GOOD | {"why": "Because."})
    submit(course, "wrong", WRONG)
    submit(course, "blank", {})
    submit(course, "half", GOOD | {"relu": "def relu(x):\n    return np.maximum(x, 0) + (x == -3)"})
    submit(course, "loop", GOOD | {"relu": "def relu(x):\n    while True:\n        pass"})
    submit(course, "garbage", b"\x00\xff not a notebook")
    (course / "submitted" / "nothing" / "ps").mkdir(parents=True)
    missing = answered(GOOD)
    del missing.cells[4]
    submit(course, "mended", json.dumps(missing).encode())
    beside = submit(course, "clash", GOOD).parent / "data.csv"
    beside.mkdir()
    (beside / "own.txt").write_text("a folder with the name of the assignment's file")
    for student in ODD:
        submit(course, student, GOOD)
    told, waited = [], {}
    summary = grade_assignment(
        course,
        "ps",
        jobs=2,
        limits=LIMITS,
        on_progress=lambda done, total: told.append((done, total)),
        on_wait=lambda student, seconds: waited.update({student: seconds}),
    )
    return course, summary, told, waited


def test_everybody_gets_what_they_earned(graded):
    _, summary, *_ = graded
    found = scores(summary)
    full = {"test_relu": 3.0, "test_share": 2.5}
    assert found["good"] == full | {"why": None}
    assert found["wrong"] == {"test_relu": 0.0, "test_share": 2.5, "why": 0.0}
    assert found["blank"] == {"test_relu": 0.0, "test_share": 0.0, "why": 0.0}
    assert found["loop"] == {"test_relu": 0.0, "test_share": 2.5, "why": 0.0}
    assert found["mended"] == found["clash"] == full | {"why": 0.0}
    assert found["nothing"] == {"test_relu": 0.0, "test_share": 0.0, "why": 0.0}
    assert found["garbage"] == {"test_relu": None, "test_share": None, "why": None}


def test_every_submission_has_one_line_that_says_how_it_went(graded):
    _, summary, *_ = graded
    labels = {run.student: run.label for run in summary.runs}
    assert labels["good"] == labels["wrong"] == "graded"
    assert (labels["blank"], labels["loop"]) == ("blank", "timed out")
    assert labels["mended"] == "graded after repairs"
    assert labels["garbage"] == "unreadable"
    assert labels["nothing"] == "missing"
    assert len(summary.runs) == 9 + len(ODD)
    assert summary.not_graded == []


def test_no_page_tells_of_a_hidden_test(graded):
    course, summary, *_ = graded
    pages = {path.parts[-3]: path.read_text() for path in write_feedback(course, "ps")}
    assert len(pages) == len(summary.runs)
    assert "a hidden check (3 points) did not pass" in pages["half"]
    assert "relu of -1 and 2" in pages["wrong"]  # the message of a visible test
    assert not [student for student, page in pages.items() if HIDDEN in page or "[-3]" in page]


def test_nbgraders_own_feedback_tells_of_no_hidden_test(graded, tmp_path):
    """It is one button in formgrader, and takes the place of our page."""
    course, *_ = graded
    config = Config({"CourseDirectory": {"root": str(course), "feedback_directory": str(tmp_path)}})
    coursedir = CourseDirectory(config=config, assignment_id="ps", student_id="half")
    GenerateFeedback(coursedir=coursedir, config=config).start()
    page = (tmp_path / "half" / "ps" / "ps.html").read_text()
    assert "hidden tests stand here" in page
    assert HIDDEN not in page and "[-3]" not in page


def explained(course, *words):
    return CliRunner().invoke(main, ["explain", *words, "--course-dir", str(course)]).output


def test_a_mark_is_explained_to_the_staff_by_what_the_student_quotes_and_comes_out_again(graded):
    course, *_ = graded
    write_feedback(course, "ps")
    (quoted,) = re.findall(r"<small class=.soft.>(\w{5})</small>", (course / PAGE).read_text())
    told = explained(course, "half", quoted.lower(), "--replay")
    assert "half, ps, ps.ipynb, test_relu: 0 of 3 points" in told and quoted in told
    assert "a test you cannot see failed" in told and "[-3]" in told  # the line of the hidden test
    assert "replayed: the same points, the same words" in told
    assert f"numpy {np.__version__}" in told and "seed " in told
    assert "test_relu: 3 of 3 points" in explained(course, "good", "relu")
    assert "how it ended: timed out" in explained(course, "loop", "test_relu")
    assert "repaired: " in explained(course, "mended", "relu")
    assert "did you mean good?" in explained(course, "god", "relu")
    assert "did you mean test_share?" in explained(course, "good", "test_sahre")


def test_an_explanation_says_when_the_work_has_changed_since(tmp_path):
    course = write_course(tmp_path)
    submit(course, "ada", WRONG)
    grade_assignment(course, "ps", jobs=1)
    submit(course, "ada", GOOD)
    told = explained(course, "ada", "relu", "--replay")
    assert "have changed since" in told and "replayed: it comes to 3 now" in told


@pytest.mark.parametrize("student", ODD, ids=ascii)
def test_odd_names_are_names(graded, student):
    course, summary, *_ = graded
    assert scores(summary)[student] == {"test_relu": 3.0, "test_share": 2.5, "why": 0.0}
    with Nbgrader(f"sqlite:///{course}/gradebook.db", "small") as book:
        assert book.find_submission("ps", student).score == 5.5


def test_progress_is_told_for_each(graded):
    _, summary, told, *_ = graded
    assert told == [(done, len(summary.runs)) for done in range(len(summary.runs) + 1)]


def test_the_record_says_what_happened(graded):
    course, *_ = graded
    run = read_run(course, "loop", "ps")
    notebook = run.notebooks["ps"]
    assert notebook.scores[0].status is Status.TIMED_OUT
    assert notebook.sandbox in ("full", "no-namespaces")
    assert run.seed != read_run(course, "good", "ps").seed
    assert len(run.fingerprint) == 64


def test_the_csv_has_a_row_for_each_question(graded, tmp_path):
    _, summary, *_ = graded
    write_csv(tmp_path / "scores.csv", summary)
    with open(tmp_path / "scores.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["student", "assignment", "notebook", "question", "score", "max_score", "status"]
    found = {(row["student"], row["question"]): (row["score"], row["status"]) for row in rows}
    assert found["good", "test_share"] == ("2.5", "graded")
    assert found["good", "why"] == ("", "graded")
    assert found["loop", "test_relu"] == ("0", "timed out")
    assert found["garbage", "test_relu"] == ("", "unreadable")
    assert found["a\nb", "test_relu"] == ("3", "graded")
    assert ("'=1+1", "test_relu") in found  # no spreadsheet computes it
    assert len(rows) == 3 * len(summary.runs)


def test_a_csv_goes_through_a_link_such_as_dev_stdout(graded, tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_csv(tmp_path / "link", graded[1])
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text().startswith("student,assignment,")


def test_a_second_run_has_nothing_to_do(graded):
    course, first, *_ = graded
    again = grade_assignment(course, "ps", jobs=2, limits=LIMITS)
    assert again.unchanged == len(again.runs) == len(first.runs)
    assert again.changes == []
    assert [run.student for run in again.runs] == [run.student for run in first.runs]


def test_only_what_changed_is_graded_again(tmp_path):
    course = write_course(tmp_path)
    submit(course, "ada", GOOD)
    submit(course, "max", WRONG)
    grade_assignment(course, "ps", jobs=1)
    submit(course, "max", GOOD)
    dry = grade_assignment(course, "ps", jobs=1, dry_run=True)
    wet = grade_assignment(course, "ps", jobs=1)
    assert dry.unchanged == wet.unchanged == 1
    (change,) = wet.changes
    assert dry.changes == wet.changes
    assert (change.student, change.grade_id, change.before, change.after) == ("max", "test_relu", 0.0, 3.0)
    assert (wet.moved(1), wet.moved(-1)) == (1, 0)


def test_who_was_graded_by_another_version_is_graded_again(tmp_path, monkeypatch):
    course = write_course(tmp_path / "class")
    submit(course, "ada", GOOD)
    grade_assignment(course, "ps", jobs=1)
    assert grade_assignment(course, "ps", jobs=1).unchanged == 1
    (tmp_path / "nbgrader_judge-999.dist-info").mkdir()
    about = "Metadata-Version: 2.1\nName: nbgrader-judge\nVersion: 999\n"
    (tmp_path / "nbgrader_judge-999.dist-info" / "METADATA").write_text(about)
    monkeypatch.syspath_prepend(tmp_path)
    environment.cache_clear()  # a new process would ask anew
    dry = grade_assignment(course, "ps", jobs=1, dry_run=True)
    environment.cache_clear()
    assert dry.unchanged == 0


def test_a_dry_run_writes_nothing(tmp_path):
    course = write_course(tmp_path)
    submit(course, "ada", GOOD)
    before = sorted(course.rglob("*"))
    summary = grade_assignment(course, "ps", jobs=1, dry_run=True)
    assert scores(summary)["ada"]["test_relu"] == 3.0
    assert sorted(course.rglob("*")) == before


def test_students_are_chosen_by_glob_or_by_name(tmp_path):
    course = write_course(tmp_path)
    for student in ("ada", "alan", "m[a-z]*?", "max"):
        submit(course, student, GOOD)
    chosen = grade_assignment(course, "ps", students="a*", jobs=1)
    assert [run.student for run in chosen.runs] == ["ada", "alan"]
    with pytest.raises(CourseError, match="nobody who matches 'z\\*' handed in ps"):
        grade_assignment(course, "ps", students="z*", jobs=1)
    chosen = grade_assignment(course, "ps", students="m[a-z]*?", jobs=1)
    assert "m[a-z]*?" in [run.student for run in chosen.runs]
