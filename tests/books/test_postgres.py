"""The gradebook on a PostgreSQL server: a real one, started for these tests."""

import os
import pwd
import shutil
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import pytest
from nbgrader.api import Gradebook as Nbgrader
from small_course import GOOD, submit, write_course

from grader.books import database
from grader.books.gradebook import Gradebook, read_ledger
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.errors import GradebookError
from grader.grading.assignment import grade_assignment

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
SOURCES = {"anna": GOOD, "ben": GOOD | {"relu": "def relu(x):\n    return x"}, "cy": b"no notebook"}


class Server:
    """A cluster of our own, reached by a socket in its folder alone; it does not run as root."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self.user = "postgres" if os.getuid() == 0 else None
        if self.user:
            shutil.chown(self.folder, self.user)
        self.url = (
            f"postgresql+psycopg://{self.user or pwd.getpwuid(os.getuid()).pw_name}@/%s?host={self.folder}"
        )
        self.run("initdb", "-A", "trust", "-N", "-D", self.folder / "data")

    def run(self, program, *arguments):
        command = [PROGRAMS[-1].with_name(program), *arguments]
        done = subprocess.run(command, user=self.user, cwd="/", capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self):
        options = f"-c fsync=off -c listen_addresses= -c unix_socket_directories={self.folder}"
        log = ["-l", self.folder / "log", "-o", options]
        self.run("pg_ctl", "-w", "-D", self.folder / "data", *log, "start")

    def stop(self):
        self.run("pg_ctl", "-w", "-D", self.folder / "data", "-m", "fast", "stop")

    def create(self, name):
        self.run("createdb", "-h", self.folder, name)
        return self.url % name


@pytest.fixture(scope="module")
def server():
    if not PROGRAMS:
        assert not os.environ.get("CI"), "PostgreSQL is missing where it must be tested"
        pytest.skip("NOT TESTED: there is no PostgreSQL on this machine (apt install postgresql)")
    server = Server()
    server.start()
    yield server
    server.stop()
    shutil.rmtree(server.folder)


def with_gradebook(course, url):
    with (course / "nbgrader_config.py").open("a") as file:
        file.write(f"\nc = get_config()\nc.CourseDirectory.db_url = {url!r}\n")
    return course


@pytest.fixture(scope="module")
def graded(server, tmp_path_factory):
    """The same submissions in a course with an SQLite gradebook and in one on the server."""
    courses = {}
    for name in ("file", "server"):
        course = courses[name] = write_course(tmp_path_factory.mktemp(name))
        for student, answers in SOURCES.items():
            submit(course, student, answers)
    with_gradebook(courses["server"], server.create("marks"))
    return courses, {name: grade_assignment(course, "ps", jobs=2) for name, course in courses.items()}


def test_the_marks_are_those_of_a_file(graded, server):
    courses, summaries = graded
    assert not (courses["server"] / "gradebook.db").exists()
    found = {}
    for name, url in (
        ("file", f"sqlite:///{courses['file']}/gradebook.db"),
        ("server", server.url % "marks"),
    ):
        with Nbgrader(url, "small") as book:
            found[name] = {row["student"]: row["score"] for row in book.submission_dicts("ps")}
    assert found["file"] == found["server"] and found["file"].keys() == SOURCES.keys()
    assert [run.label for run in summaries["file"].runs] == [run.label for run in summaries["server"].runs]


def test_what_is_unchanged_is_skipped_and_what_a_human_gave_stays(graded, server):
    course = graded[0]["server"]
    with Nbgrader(server.url % "marks", "small") as book:
        book.find_grade("why", "ps", "ps", "anna").manual_score = 1.5
        book.db.commit()
    assert grade_assignment(course, "ps").unchanged == len(SOURCES)
    grade_assignment(course, "ps", students="anna", force=True)
    assert read_ledger(open_course(course), "ps").by_hand == {("anna", "ps", "why"): 1.5}


def test_a_server_that_is_away_for_a_while_is_waited_for(graded, server):
    course = open_course(graded[0]["server"])
    key = load_key(course, "ps")
    with Gradebook(course, key) as book:
        before = dict(book.grades("ps"))
        server.stop()
        back = threading.Thread(target=lambda: (time.sleep(1), server.start()))
        back.start()
        book.settle_lateness()
        back.join()
        assert book.grades("ps") == before


def test_a_server_that_stays_away_is_one_line(graded, server, monkeypatch):
    monkeypatch.setattr(database, "LOCK_SECONDS", 0.5)
    course = open_course(graded[0]["server"])
    key = load_key(course, "ps")
    with Gradebook(course, key) as book:
        server.stop()
        try:
            with pytest.raises(GradebookError, match="marks") as told:
                book.settle_lateness()
        finally:
            server.start()
    assert "\n" not in str(told.value)


def test_a_driver_that_is_missing_is_named(tmp_path):
    course = with_gradebook(write_course(tmp_path), "postgresql+nosuch://nobody@/x")
    with pytest.raises(GradebookError, match="postgres"):
        read_ledger(open_course(course), "ps")
