"""Marks on their way out: the gradebook's own, for the right student, and no cell is a formula."""

import os
from pathlib import Path

import pytest
from class_with_marks import CANVAS, PEOPLE, WAITING, export, table
from click.testing import CliRunner
from stock import nbgrader

from grader.cli import main
from grader.intake.roster import read_students
from grader.pages.feedback import write_feedback
from grader.spreadsheet import original, read_table

GOLDEN = Path(__file__).parent / "golden"


def golden(path, name):
    """The very bytes of the file that is kept; GOLDEN=write keeps this one."""
    if os.environ.get("GOLDEN") == "write":
        (GOLDEN / name).write_bytes(path.read_bytes())
    assert path.read_bytes() == (GOLDEN / name).read_bytes()


@pytest.mark.parametrize("layout", ["csv", "long", "moodle", "canvas"])
def test_each_format_is_as_it_was(marked, tmp_path, layout):
    more = ["--from", str(marked / "canvas.csv")] if layout == "canvas" else []
    export(marked, "--to", layout, *more, output=tmp_path / "out.csv")
    golden(tmp_path / "out.csv", f"{layout}.csv")


def test_the_marks_are_those_that_nbgrader_exports(marked, tmp_path):
    nbgrader(marked, "export", "--to", str(tmp_path / "stock.csv"))
    export(marked, "--to", "csv", output=tmp_path / "ours.csv")
    names = ("raw_score", "late_submission_penalty", "score", "max_score")
    stock = {row["student_id"]: [float(row[name]) for name in names] for row in table(tmp_path / "stock.csv")}
    ours = {original(row["student_id"]): row for row in table(tmp_path / "ours.csv")}
    pupils = {student for student, row in ours.items() if row["score"]}
    assert pupils == {"ada", "=cmd|calc!A0", "-rf", "late"}
    for student in pupils:
        assert [float(ours[student][name]) for name in names] == stock[student]
    assert stock["late"] == [5.5, 1.5, 4.0, 7.5]


def test_the_feedback_says_the_mark_that_is_exported(marked):
    (path,) = write_feedback(marked, "ps", "late")
    assert '<div class="score">4<small> of 7.5 points' in path.read_text()
    assert "1.5 points are taken off" in path.read_text()


def test_a_mark_that_waits_is_named_and_left_blank(marked, tmp_path):
    said = export(marked, "--to", "csv", output=tmp_path / "out.csv")
    waits = {
        "waits": "needs manual grade: ps/why",
        "fresh": "not graded",
        "again": "not graded: no disk",
        "unread": "unreadable: ",
    }
    for student, why in waits.items():
        lines = [line for line in said.splitlines() if line.startswith(f"no mark yet, {why}")]
        assert any(line.endswith(f": {student}") for line in lines), student
    assert "1 handed in nothing" in said
    blank = {row["student_id"] for row in table(tmp_path / "out.csv") if row["score"] == ""}
    assert blank == WAITING | {"absent"}


def test_the_scores_of_the_long_form_add_up_to_the_mark(marked, tmp_path):
    export(marked, "--to", "long", output=tmp_path / "long.csv")
    export(marked, "--to", "csv", output=tmp_path / "wide.csv")
    sums = {}
    for row in table(tmp_path / "long.csv"):
        sums[row["student_id"]] = sums.get(row["student_id"], 0) + float(row["score"] or 0)
    for row in table(tmp_path / "wide.csv"):
        assert not row["score"] or sums[row["student_id"]] == float(row["score"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ps", "--to", "canvas"], "--from"),
        (["ps", "--to", "moodle", "--from", "{course}/canvas.csv"], "--column with canvas"),
        (["ps", "--to", "canvas", "--from", "{course}/students.csv"], "no gradebook of Canvas"),
        (["other", "--to", "csv"], "there is: ps"),
        (["ps", "--to", "csv", "-o", "/proc/marks.csv"], "is this the path that you mean?"),
    ],
)
def test_bad_input_is_one_line(marked, tmp_path, words, said):
    words = [word.format(course=marked) for word in words]
    place = ["--course-dir", str(marked), "-o", str(tmp_path / "out.csv")]
    result = CliRunner().invoke(main, ["export", *place, *words])
    assert result.exit_code == 2 and said in result.output
    assert len(result.output.strip().splitlines()) == 1
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(
    ("exporter", "layout", "more"),
    [
        ("WideExport", "csv", []),
        ("LongExport", "long", []),
        ("MoodleExport", "moodle", []),
        ("CanvasExport", "canvas", ["--CanvasExport.source=canvas.csv"]),
    ],
)
def test_nbgrader_export_has_the_formats_too(marked, tmp_path, exporter, layout, more):
    words = [f"--exporter=grader.pages.export.plugins.{exporter}", f"--{exporter}.roster=students.csv", *more]
    told = nbgrader(marked, "export", *words, f"--to={tmp_path / 'out.csv'}")
    assert (tmp_path / "out.csv").read_bytes() == (GOLDEN / f"{layout}.csv").read_bytes()
    assert "no mark yet, needs manual grade: ps/why: waits" in told


def test_odd_names_come_back_as_the_same_student(marked):
    assert [tuple(row.values()) for row in read_students(marked / "students.csv")] == PEOPLE[1:]
    assert [tuple(row) for row in read_table(marked / "canvas.csv")[0]] == CANVAS
