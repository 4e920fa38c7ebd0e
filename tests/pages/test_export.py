"""Marks on their way out: the gradebook's own, for the right student, and no cell is a formula."""

import csv
import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook as Nbgrader
from small_course import GOOD, HIDDEN, submit, write_course

from grader.books.gradebook import Gradebook
from grader.books.run_files import read_run, write_run
from grader.cli import main
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.grading.assignment import grade_assignment
from grader.intake.roster import read_students
from grader.pages.export import gradescope
from grader.pages.export.canvas import canvas_rows, read_canvas
from grader.pages.export.sheet import open_sheet
from grader.pages.feedback import write_feedback
from grader.records import Status
from grader.spreadsheet import original, read_table, write_table

GOLDEN = Path(__file__).parent / "golden"
PER_HOUR = """
from nbgrader.plugins import LateSubmissionPlugin
class PerHour(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return total_seconds_late / 3600
c.AssignLatePenalties.plugin_class = PerHour
"""
PEOPLE = [
    ("id", "first_name", "last_name", "email", "lms_user_id"),
    ("ada", "Ada", "Lovelace", "Ada@Example.org", "101"),
    ("=cmd|calc!A0", "Zoë\nMae", 'O"Brien, "Bob"', "+49@example.org", "102"),
    ("-rf", "@SUM(A1)", "\t=1+1", "rf@example.org", "103"),
    ("late", "Lars", "'t Hooft", "lars@example.org", "104"),
    ("waits", "Wim", "Wirth", "wim@example.org", "105"),
    ("unread", "Una", "Read", "una@example.org", "106"),
    ("fresh", "Fred", "Fresh", "fred@example.org", "107"),
    ("absent", "Abe", "Sent", "abe@example.org", "108"),
]
CANVAS = [
    ("Student", "ID", "SIS User ID", "SIS Login ID", "Section", "ps (77)", "essay (78)", "Current Score"),
    ("", "", "", "", "", "Manual Posting", "", ""),
    ("    Points Possible", "", "", "", "", "10.0", "5.0", "(read only)"),
    ("Lovelace, Ada", "9001", "", "ada@example.org", "A, and B", "", "4", "80"),  # by address
    ('O"Brien, "Bob", Zoë', "102", "", "bob", "A", "", "", ""),  # by the roster's lms_user_id
    ("=1+1, @SUM(A1)", "9003", "-rf", "", "A", "2", "", ""),  # by SIS User ID
    ("'t Hooft, Lars", "9004", "", "late", "A", "", "", ""),  # by SIS Login ID
    ("Wirth, Wim", "9005", "", "waits", "A", "3", "", ""),
    ("Read, Una", "9006", "", "unread", "A", "", "", ""),
    ("Sent, Abe", "9008", "", "absent", "A", "EX", "", ""),
    ("Stranger, Sam", "9009", "", "sam", "A", "-1", "", ""),
    ("Student, Test", "9010", "", "0f0f", "A", "", "", ""),
]
WAITING = {"waits", "unread", "fresh", "again"}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A class graded for real: somebody late, a mark by hand, odd names, and four without a mark."""
    course = write_course(tmp_path_factory.mktemp("export"))
    with (course / "nbgrader_config.py").open("a") as config:
        config.write(PER_HOUR)
    for student in ("ada", "=cmd|calc!A0", "waits", "again"):
        submit(course, student, GOOD | {"why": "Because."})
    submit(course, "-rf", GOOD | {"relu": "def relu(x):\n    return abs(x)"})
    submit(course, "unread", b"\x00\x01 no notebook")
    late = submit(course, "late", GOOD)
    (late.parent / "timestamp.txt").write_text("2026-01-05 11:30:00 UTC")
    with Gradebook(open_course(course), load_key(open_course(course), "ps")) as book:
        book.store_key()
    with nbgraders(course) as book:
        book.update_or_create_assignment("ps", duedate="2026-01-05 10:00:00 UTC")
    grade_assignment(course, "ps", jobs=1)
    run = read_run(course, "again", "ps")  # its next version met a machine that failed
    write_run(course, replace(run, status=Status.NOT_GRADED, detail="no disk"))
    for student, points in {"ada": 1.25, "=cmd|calc!A0": 0.0, "again": 2.0}.items():
        by_hand(course, student, points)
    submit(course, "fresh", GOOD)
    write_table(course / "students.csv", PEOPLE)
    write_table(course / "canvas.csv", CANVAS)
    return course


def nbgraders(course):
    return Nbgrader(f"sqlite:///{course}/gradebook.db", "small")


def by_hand(course, student, points):
    with nbgraders(course) as book:
        grade = book.find_grade("why", "ps", "ps", student)
        grade.manual_score, grade.needs_manual_grade = points, False
        book.db.commit()


def export(course, *words, output):
    """What `grader export` says on standard error; the file is `output`."""
    words = [*words, "--course-dir", str(course), "--roster", str(course / "students.csv"), "-o", str(output)]
    result = CliRunner().invoke(main, ["export", "ps", *words])
    assert result.exit_code == 0, result.output
    return result.output


def table(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def golden(path, name):
    """The very bytes of the file that is kept; GOLDEN=write keeps this one."""
    if os.environ.get("GOLDEN") == "write":
        (GOLDEN / name).write_bytes(path.read_bytes())
    assert path.read_bytes() == (GOLDEN / name).read_bytes()


@pytest.mark.parametrize("layout", ["csv", "long", "moodle", "canvas"])
def test_each_format_is_as_it_was(course, tmp_path, layout):
    more = ["--from", str(course / "canvas.csv")] if layout == "canvas" else []
    export(course, "--to", layout, *more, output=tmp_path / "out.csv")
    golden(tmp_path / "out.csv", f"{layout}.csv")


def test_the_marks_are_those_that_nbgrader_exports(course, tmp_path):
    nbgrader = [sys.executable, "-m", "nbgrader", "export", "--to", str(tmp_path / "stock.csv")]
    subprocess.run(nbgrader, cwd=course, check=True, capture_output=True)
    export(course, "--to", "csv", output=tmp_path / "ours.csv")
    names = ("raw_score", "late_submission_penalty", "score", "max_score")
    stock = {row["student_id"]: [float(row[name]) for name in names] for row in table(tmp_path / "stock.csv")}
    ours = {original(row["student_id"]): row for row in table(tmp_path / "ours.csv")}
    marked = {student for student, row in ours.items() if row["score"]}
    assert marked == {"ada", "=cmd|calc!A0", "-rf", "late"}
    for student in marked:
        assert [float(ours[student][name]) for name in names] == stock[student]
    assert stock["late"] == [5.5, 1.5, 4.0, 7.5]


def test_the_feedback_says_the_mark_that_is_exported(course):
    (path,) = write_feedback(course, "ps", "late")
    assert '<div class="score">4<small> of 7.5 points' in path.read_text()
    assert "1.5 points are taken off" in path.read_text()


def test_a_mark_that_waits_is_named_and_left_blank(course, tmp_path):
    said = export(course, "--to", "csv", output=tmp_path / "out.csv")
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


def test_the_scores_of_the_long_form_add_up_to_the_mark(course, tmp_path):
    export(course, "--to", "long", output=tmp_path / "long.csv")
    export(course, "--to", "csv", output=tmp_path / "wide.csv")
    sums = {}
    for row in table(tmp_path / "long.csv"):
        sums[row["student_id"]] = sums.get(row["student_id"], 0) + float(row["score"] or 0)
    for row in table(tmp_path / "wide.csv"):
        assert not row["score"] or sums[row["student_id"]] == float(row["score"])


def test_canvas_gets_its_own_ids_and_keeps_what_is_not_ours(course, tmp_path):
    said = export(course, "--to", "canvas", "--from", str(course / "canvas.csv"), output=tmp_path / "out.csv")
    rows = {row["ID"]: row["ps (77)"] for row in table(tmp_path / "out.csv") if row["ID"]}
    assert rows == {
        "9001": "6.75", "102": "5.5", "9003": "2.5", "9004": "4", "9005": "", "9006": "",
        "9008": "EX", "9009": "-1", "9010": "",
    }  # fmt: skip
    assert "not written, no row of canvas.csv with this id or address: again, fresh" in said
    assert "ps (77) is worth 10.0 in Canvas, 7.5 in the gradebook" in said


def test_two_rows_that_claim_one_student_get_no_mark(course, tmp_path):
    twice = [*CANVAS, ("Double", "9011", "ada", "", "A", "", "", "")]
    write_table(tmp_path / "twice.csv", twice)
    sheet = open_sheet(open_course(course), "ps", course / "students.csv")
    rows, notes = canvas_rows(sheet, read_canvas(tmp_path / "twice.csv"))
    assert {row[-1] for row in rows if row[1] in ("9001", "9011")} == {""}
    assert any(note.startswith("not written, 2 rows") and note.endswith(": ada") for note in notes)


def test_an_id_of_canvas_that_looks_like_a_student_is_not_that_student(course, tmp_path):
    write_table(tmp_path / "near.csv", [*CANVAS[:4], ("Other, Olaf", "late", "", "olaf", "A", "", "", "")])
    sheet = open_sheet(open_course(course), "ps", course / "students.csv")
    rows, _ = canvas_rows(sheet, read_canvas(tmp_path / "near.csv"))
    assert rows[-1][-1] == ""


def test_canvas_export_with_semicolons_stays_one(course, tmp_path):
    write_table(tmp_path / "canvas.csv", CANVAS, separator=";")
    export(course, "--to", "canvas", "--from", str(tmp_path / "canvas.csv"), output=tmp_path / "out.csv")
    rows, separator = read_table(tmp_path / "out.csv")
    assert separator == ";" and rows[3][1:3] == ["9001", ""] and rows[3][-1] == "6.75"


def test_what_canvas_calls_the_assignment_can_be_told(course, tmp_path):
    words = ["export", "ps", "--course-dir", str(course), "--to", "canvas", "--from"]
    output = ["-o", str(tmp_path / "out.csv")]
    write_table(tmp_path / "canvas.csv", [("Student", "ID", "Problem set 1 (5)"), ("A", "1", "")])
    refused = CliRunner().invoke(main, [*words, str(tmp_path / "canvas.csv"), *output])
    assert (
        refused.exit_code == 2 and "there is: Problem set 1 (5) -- name one with --column" in refused.output
    )
    told = [*words, str(tmp_path / "canvas.csv"), "--column", "Problem set 1", *output]
    assert CliRunner().invoke(main, told).exit_code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ps", "--to", "canvas"], "--from"),
        (["ps", "--to", "moodle", "--from", "{course}/canvas.csv"], "--column with canvas"),
        (["ps", "--to", "canvas", "--from", "{course}/students.csv"], "no gradebook of Canvas"),
        (["other", "--to", "csv"], "no question of other"),
    ],
)
def test_bad_input_is_one_line(course, tmp_path, words, said):
    words = [word.format(course=course) for word in words]
    more = ["--course-dir", str(course), "-o", str(tmp_path / "out.csv")]
    result = CliRunner().invoke(main, ["export", *words, *more])
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
def test_nbgrader_export_has_the_formats_too(course, tmp_path, exporter, layout, more):
    words = [f"--exporter=grader.pages.export.plugins.{exporter}", f"--{exporter}.roster=students.csv", *more]
    command = [sys.executable, "-m", "nbgrader", "export", *words, f"--to={tmp_path / 'out.csv'}"]
    done = subprocess.run(command, cwd=course, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out.csv").read_bytes() == (GOLDEN / f"{layout}.csv").read_bytes()
    assert "no mark yet, needs manual grade: ps/why: waits" in done.stderr


def test_odd_names_come_back_as_the_same_student(course):
    assert [tuple(row.values()) for row in read_students(course / "students.csv")] == PEOPLE[1:]
    assert [tuple(row) for row in read_table(course / "canvas.csv")[0]] == CANVAS


def test_gradescope_grades_with_this_engine(course, tmp_path):
    """As Gradescope would: source/ beside submission/, run_autograder beside both."""
    export(course, "--to", "gradescope", output=tmp_path / "autograder.zip")
    with zipfile.ZipFile(tmp_path / "autograder.zip") as archive:
        archive.extractall(tmp_path / "source")
    for folder in ("submission", "results", "venv"):
        (tmp_path / folder).mkdir()
    (tmp_path / "venv" / "bin").symlink_to(Path(sys.executable).parent)
    shutil.copy(tmp_path / "source" / "run_autograder", tmp_path)
    shutil.copy(course / "submitted" / "-rf" / "ps" / "ps.ipynb", tmp_path / "submission" / "mine (1).ipynb")
    subprocess.run(["bash", tmp_path / "run_autograder"], check=True, cwd="/", timeout=120)
    told = json.loads((tmp_path / "results" / "results.json").read_text())
    assert [(test["score"], test["max_score"]) for test in told["tests"]] == [(0.0, 3), (2.5, 2.5), (0.0, 2)]
    assert told["score"] == 2.5 and "was taken for ps.ipynb" in told["output"]
    assert "relu of -1 and 2" in told["tests"][0]["output"] and HIDDEN not in json.dumps(told)


def test_gradescope_hears_nothing_of_what_our_machines_failed(course):
    assert gradescope.results(course, "again", "ps") is None
    assert gradescope.results(course, "ada", "ps")["score"] == 6.75


def test_moodle_gets_the_pages_under_its_own_names(course, tmp_path):
    write_feedback(course, "ps")
    with zipfile.ZipFile(tmp_path / "submissions.zip", "w") as archive:
        archive.writestr("Ada Lovelace_900_assignsubmission_file_/ps.ipynb", "{}")
        archive.writestr("Nobody Known_901_assignsubmission_file_ps.ipynb", "{}")
    words = ("--to", "moodle-feedback", "--from", str(tmp_path / "submissions.zip"))
    told = export(course, *words, output=tmp_path / "out.zip")
    assert "not packed: late: no folder of the download bears this name" in told
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        (name,) = archive.namelist()
        assert name == "Ada Lovelace_900_assignsubmission_file_/ps.html"
        assert archive.read(name) == (course / "feedback" / "ada" / "ps" / "ps.html").read_bytes()
