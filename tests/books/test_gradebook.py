"""The gradebook: nbgrader's own rows, kept by nbgrader's own rules."""

import json
import sqlite3
import threading
import time
from dataclasses import replace

import pytest
from nbformat.v4 import new_markdown_cell
from nbgrader.api import Gradebook as Nbgrader
from small_course import answered, source_notebook, write_course

from grader.books import database
from grader.books.gradebook import Gradebook
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.errors import GradebookError
from grader.grading.score import score_cells
from grader.records import Execution, GradedSubmission, Status, Submission, Verdict

FULL = {"test_relu": 3.0, "test_share": 2.5}


def graded(key, student, points, why="Because.", when=None):
    """A graded submission whose test cells earned `points`."""
    verdicts = {name: Verdict(name, Status.COMPLETED, worth) for name, worth in points.items()}
    run = Execution(answered({"why": why}), Status.COMPLETED, 0.1, 1.0, verdicts=verdicts)
    scores = {"ps": score_cells(run, key.unsolved["ps"])}
    return GradedSubmission(Submission(student, "ps", when, {}), Status.COMPLETED, {"ps": run}, scores)


@pytest.fixture
def course(tmp_path):
    return write_course(tmp_path)


def record(course, *submissions, drop_manual=False):
    with Gradebook(open_course(course), load_key(open_course(course), "ps")) as book:
        book.store_key(drop_manual=drop_manual)
        for submission in submissions:
            book.record(submission)


def nbgraders(course):
    """The same gradebook, opened by nbgrader."""
    return Nbgrader(f"sqlite:///{course}/gradebook.db", "small")


def by_hand(course, student, score, comment):
    with nbgraders(course) as book:
        grade = book.find_grade("why", "ps", "ps", student)
        grade.manual_score, grade.needs_manual_grade = score, False
        book.find_comment("why", "ps", "ps", student).manual_comment = comment
        book.db.commit()


def change_source(course, change):
    path = course / "source" / "ps" / "ps.ipynb"
    nb = source_notebook()
    change(nb)
    path.write_text(json.dumps(nb))


def test_nbgrader_reads_what_was_recorded(course):
    key = load_key(open_course(course), "ps")
    record(course, graded(key, "ada", FULL), graded(key, "max", {"test_relu": 1.0}, why="YOUR ANSWER HERE"))
    with nbgraders(course) as book:
        assert book.find_assignment("ps").max_score == 7.5
        assert book.find_submission("ps", "ada").score == 5.5
        assert book.find_submission("ps", "ada").needs_manual_grade
        assert book.find_submission("ps", "max").score == 1.0
        assert not book.find_submission("ps", "max").needs_manual_grade
        assert book.find_comment("why", "ps", "ps", "max").auto_comment == "No response."
        assert book.find_comment("why", "ps", "ps", "ada").auto_comment is None


def test_a_task_has_no_automatic_comment_for_it_is_answered_in_other_cells(course):
    marks = {
        "grade": False,
        "solution": False,
        "locked": True,
        "task": True,
        "points": 4,
        "schema_version": 3,
    }
    task = new_markdown_cell(
        "Verify it.", metadata={"nbgrader": marks | {"grade_id": "verify", "schema_version": 3}}
    )
    change_source(course, lambda nb: nb.cells.append(task))
    record(course, graded(load_key(open_course(course), "ps"), "ada", FULL))
    with nbgraders(course) as book:
        assert book.find_comment("verify", "ps", "ps", "ada").auto_comment is None
        assert book.find_grade("verify", "ps", "ps", "ada").needs_manual_grade


def test_a_regrade_keeps_what_a_human_gave(course):
    key = load_key(open_course(course), "ps")
    record(course, graded(key, "ada", FULL))
    by_hand(course, "ada", 1.5, "Nearly.")
    record(course, graded(key, "ada", {"test_relu": 0.0, "test_share": 2.5}))
    with nbgraders(course) as book:
        assert book.find_submission("ps", "ada").score == 0.0 + 2.5 + 1.5
        assert book.find_comment("why", "ps", "ps", "ada").comment == "Nearly."
        assert book.find_grade("why", "ps", "ps", "ada").needs_manual_grade  # somebody should look again


def test_changes_say_from_what_to_what(course):
    key = load_key(open_course(course), "ps")
    record(course, graded(key, "ada", FULL))
    with Gradebook(open_course(course), key) as book:
        (change,) = book.changes(graded(key, "ada", {"test_relu": 1.0, "test_share": 2.5}))
        assert (change.grade_id, change.before, change.after) == ("test_relu", 3.0, 1.0)
        assert book.changes(graded(key, "ada", FULL)) == ()
        assert {change.before for change in book.changes(graded(key, "eve", FULL))} == {None}


def _remove_share(nb):
    nb.cells = [cell for cell in nb.cells if "share" not in cell.id]


def _reweigh(nb):
    nb.cells[4].metadata.nbgrader["points"] = 10


def _add_a_test(nb):
    new = source_notebook().cells[4]
    new.metadata.nbgrader["grade_id"], new.id = "test_more", "test-more"
    nb.cells.insert(5, new)


@pytest.mark.parametrize(("change", "maximum"), [(_remove_share, 5.0), (_reweigh, 14.5), (_add_a_test, 10.5)])
def test_tests_may_change_after_submissions_came(course, change, maximum):
    record(
        course,
        graded(load_key(open_course(course), "ps"), "ada", FULL),
        graded(load_key(open_course(course), "ps"), "max", FULL),
    )
    by_hand(course, "ada", 2.0, "Good.")
    change_source(course, change)
    key = load_key(open_course(course), "ps")
    record(course, graded(key, "ada", FULL))
    with nbgraders(course) as book:
        assert book.find_assignment("ps").max_score == maximum
        kept = {grade.name for grade in book.find_submission_notebook("ps", "ps", "max").grades}
        assert kept == {cell.name for cell in book.find_notebook("ps", "ps").grade_cells}
        assert book.find_grade("why", "ps", "ps", "ada").manual_score == 2.0


def test_what_a_human_gave_is_not_dropped_in_silence(course):
    key = load_key(open_course(course), "ps")
    record(course, graded(key, "ada", FULL))
    by_hand(course, "ada", 2.0, "Good.")
    change_source(course, lambda nb: nb.cells.pop())
    with pytest.raises(GradebookError, match=r"why .* 1 manual grades or comments -- .*--force"):
        record(course)
    with nbgraders(course) as book:
        assert book.find_submission("ps", "ada").score == 7.5
    record(course, drop_manual=True)
    with nbgraders(course) as book:
        assert book.find_submission("ps", "ada").score == 5.5


def test_a_notebook_that_is_gone_goes(course):
    record(course, graded(load_key(open_course(course), "ps"), "ada", FULL))
    source = course / "source" / "ps"
    (source / "ps.ipynb").rename(source / "other.ipynb")
    with pytest.raises(GradebookError):
        by_hand(course, "ada", 1.0, "")
        record(course)
    record(course, drop_manual=True)
    with nbgraders(course) as book:
        assert [notebook.name for notebook in book.find_assignment("ps").notebooks] == ["other"]
        assert [notebook.name for notebook in book.find_submission("ps", "ada").notebooks] == ["other"]


def test_late_penalties_are_nbgraders(course):
    (course / "penalty.py").write_text("")
    with (course / "nbgrader_config.py").open("a") as config:
        config.write(
            "from nbgrader.plugins import LateSubmissionPlugin\n"
            "class PerHour(LateSubmissionPlugin):\n"
            "    def late_submission_penalty(self, student_id, score, total_seconds_late):\n"
            "        return total_seconds_late / 3600\n"
            "c.AssignLatePenalties.plugin_class = PerHour\n"
        )
    key = load_key(open_course(course), "ps")
    record(course)
    with nbgraders(course) as book:
        book.update_or_create_assignment("ps", duedate="2026-01-05 10:00:00")
    late = {"ada": "2026-01-05 12:00:00", "max": "2026-01-09 10:00:00", "eve": "2026-01-05 09:00:00"}
    record(course, *(graded(key, student, FULL, when=when) for student, when in late.items()))
    with nbgraders(course) as book:
        penalties = {s: book.find_submission("ps", s).late_submission_penalty for s in late}
    assert penalties == {"ada": 2.0, "max": 5.5, "eve": 0.0}


def test_one_submission_is_one_transaction(course):
    key = load_key(open_course(course), "ps")
    good, bad = graded(key, "ada", FULL), graded(key, "m\udcff", FULL)
    with Gradebook(open_course(course), key) as book:
        book.store_key()
        with pytest.raises(UnicodeError):
            book.record(bad)
        book.record(good)
    with nbgraders(course) as book:
        assert [student.id for student in book.students] == ["ada"]


def test_a_locked_gradebook_is_waited_for(course):
    key = load_key(open_course(course), "ps")
    record(course)
    other = sqlite3.connect(course / "gradebook.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    release = threading.Timer(0.5, lambda: other.execute("COMMIT"))
    release.start()
    started = time.monotonic()
    record(course, graded(key, "ada", FULL))
    assert time.monotonic() - started >= 0.4
    release.join()


def test_a_human_reads_and_marks_while_a_batch_writes_and_the_file_is_plain_again(course):
    opened = open_course(course)
    key = load_key(opened, "ps")
    record(course, graded(key, "ada", FULL))
    with Gradebook(opened, key) as book, sqlite3.connect(course / "gradebook.db", timeout=0) as reader:
        assert reader.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        with book._session.begin():
            book._session.connection().exec_driver_sql("UPDATE student SET first_name = 'half'")
            assert reader.execute("SELECT first_name FROM student").fetchall() == [(None,)]
            book._session.rollback()
        by_hand(course, "ada", 1.5, "Nearly.")
        book.record(graded(key, "ada", {"test_relu": 1.0}))
        book.record(graded(key, "max", FULL))
    reader.close()
    with Gradebook(opened, key) as book:
        assert book.ledger().by_hand == {("ada", "ps", "why"): 1.5}
        assert book.grades("ps")["ada", "ps", "test_relu"] == (1.0, None)
    assert [path.name for path in course.glob("gradebook.db*")] == ["gradebook.db"]
    assert (course / "gradebook.db").read_bytes()[18:20] == b"\x01\x01", "the file waits for a log"


def test_a_gradebook_that_stays_locked_is_an_error(course, monkeypatch):
    monkeypatch.setattr(database, "LOCK_SECONDS", 0.2)
    record(course)
    other = sqlite3.connect(course / "gradebook.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(GradebookError, match=r"gradebook.db: database is locked -- close what holds it"):
        record(course)


@pytest.mark.parametrize("damage", ["DROP TABLE comment", "ALTER TABLE student DROP COLUMN email"])
def test_another_schema_is_an_error(course, damage):
    record(course)
    with sqlite3.connect(course / "gradebook.db") as other:
        other.execute(damage)
    with pytest.raises(GradebookError, match="nbgrader db upgrade"):
        record(course)


def test_a_file_that_is_no_database_is_an_error(course):
    (course / "gradebook.db").write_bytes(b"not a database" * 100)
    with pytest.raises(GradebookError, match=r"gradebook.db: file is not a database"):
        record(course)


def test_unscored_cells_stay_unscored(course):
    key = load_key(open_course(course), "ps")
    one = graded(key, "ada", FULL)
    unread = Execution(None, Status.UNREADABLE, 0.0, 0.0, "half a file")
    scores = {"ps": score_cells(unread, key.unsolved["ps"])}
    record(course, one, replace(one, executions={"ps": unread}, scores=scores))
    with nbgraders(course) as book:
        grades = book.find_submission_notebook("ps", "ps", "ada").grades
        assert {(grade.auto_score, grade.needs_manual_grade) for grade in grades} == {(None, True)}
