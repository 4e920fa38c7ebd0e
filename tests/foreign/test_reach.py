"""Tests read what those of the reference read, wherever it lies; a student's path leads to nothing else."""

import socket
import sqlite3

import pytest
from foreign_course import ASSIGNMENT, hand_in, points, write

from grader.engine.sandbox import landlock
from grader.grading.assignment import grade_assignment
from grader.grading.replay import replay
from grader.records import Place, Reach

pytestmark = pytest.mark.skipif(not landlock.abi(), reason="this kernel has no landlock")
TEXT = """
#% plain
import os, socket, sqlite3
from pathlib import Path
SHARE = Path.home() / "share"
#% solution
### BEGIN SOLUTION
total, path, host = 3, "beside.txt", ()
### END SOLUTION
#% test 1
numbers = [int((SHARE / name).read_text()) for name in os.listdir(SHARE) if len(name) == 1]
assert total == sum(numbers), numbers
assert sqlite3.connect(SHARE / "table").execute("select max(a) from t").fetchone() == (total,)
#% test 1
try:
    (Path.home() / ".netrc").read_text()
except OSError:
    pass
read = open(path).read()
assert read == "hello", read
#% test 1
where = host or ADDRESS
if where:
    try:
        socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", where)
    except OSError:
        pass
    socket.create_connection(where)
assert total == 3
"""
OTHER = {"solution1": "total, path, host = 1 + 2, './beside.txt', ()"}
EVIL = "total, path, host = 3, {!r}, {}"
PRIVATE = ("secret", "share/secret", ".netrc")


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home with a shared folder and with what is nobody's business."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name, text in {"share/a": "1", "share/b": "2", **dict.fromkeys(PRIVATE, "confidential")}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    with sqlite3.connect(tmp_path / "share" / "table") as database:
        database.executescript("create table t(a); insert into t values (3)")
    return tmp_path


@pytest.fixture
def servers():
    """One that listens, and another that listens there without connections."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(type=socket.SOCK_DGRAM) as other:
        other.bind(server.getsockname())
        server.settimeout(0)
        other.settimeout(0)
        yield server, other


def graded(course, answers):
    """The summary of a grading of them, and student -> points."""
    hand_in(course, answers)
    summary = grade_assignment(course, ASSIGNMENT)
    return summary, {run.student: points(run) for run in summary.runs}


def reaching(home, address):
    return write(home, TEXT.replace("ADDRESS", repr(address)), files={"beside.txt": b"hello"})


def test_a_path_without_a_literal_is_read_and_no_other(home, servers):
    server, other = servers
    texts = [EVIL.format(str(home / name), server.getsockname()) for name in PRIVATE]
    evil = {f"evil{number}": {"solution1": text} for number, text in enumerate(texts)}
    summary, marks = graded(reaching(home, ()), {"reference": None, "blank": {}, "other": OTHER, **evil})
    with pytest.raises(BlockingIOError):
        server.accept()
    with pytest.raises(BlockingIOError):
        other.recv(1)
    assert marks["reference"] == marks["other"] == [1] * 3
    assert marks["blank"] == [0] * 3
    assert [marks[name] for name in evil] == [[1, 0, 0]] * 3
    scores = [score for run in summary.runs for _, score in run.scores]
    assert {score.where for score in scores} == {Place.OUTSIDE}
    assert "confidential" not in repr(scores)
    reached = tuple(str(home / name) for name in ("share", "share/a", "share/b", "share/table"))
    assert summary.survey["nb"].reach == Reach(reached, connects=False)
    assert summary.survey["nb"].notes == (f"tests read, as the reference's do: {', '.join(reached)}",)


def test_tests_connect_where_those_of_the_reference_do(home, servers):
    server, other = servers
    course = reaching(home, server.getsockname())
    summary, marks = graded(course, {"reference": None, "other": OTHER})
    assert marks == {"reference": [1] * 3, "other": [1] * 3}
    server.accept()
    assert other.recv(1) == b"x"
    assert summary.survey["nb"].notes[-1] == "tests make connections, as the reference's do"


def test_a_question_waits_where_what_its_test_reads_is_there_no_more(home):
    course = reaching(home, ())
    summary, marks = graded(course, {"reference": None})
    assert marks == {"reference": [1] * 3}
    again, _unchanged = replay(course, summary.runs[0])
    assert [score.auto_score for score in again.scores["nb"]] == [1] * 3
    (home / "share" / "b").unlink()
    assert graded(course, {"late": OTHER})[1]["late"] == [None, 1, 1]
