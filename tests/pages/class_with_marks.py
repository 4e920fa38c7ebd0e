"""A class graded for real whose marks go out: one late, a mark by hand, odd names, four without a mark."""

import csv
from dataclasses import replace

import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook as Nbgrader
from small_course import GOOD, submit, write_course

from grader.books.gradebook import Gradebook
from grader.books.run_files import read_run, write_run
from grader.cli import main
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.grading.assignment import grade_assignment
from grader.records import Status
from grader.spreadsheet import write_table

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


@pytest.fixture(scope="session")
def marked(tmp_path_factory):
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
