"""The gradebook as a file that others use, too: transactions, locks, other schemas."""

import sqlite3
import threading
import time

import pytest
from recorded import FULL, by_hand, graded, nbgraders, record

from grader.books import database
from grader.books.gradebook import Gradebook
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.errors import GradebookError


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
