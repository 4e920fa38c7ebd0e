"""Honest submissions get from us what stock nbgrader gives them, row by row of the gradebook."""

import shutil
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from small_course import GOOD, submit, write_course
from stock import nbgrader

from grader.grading.assignment import grade_assignment

HONEST = {
    "ada": GOOD | {"why": "Because it is *steeper* there."},
    "bob": {
        "relu": "def relu(x):\n    return abs(x)",
        "share": "def share(x):\n    return x / x.sum() * 1.0",
    },
    "eve": {"relu": GOOD["relu"], "share": "import numpy as np\ndef share(x):\n    return np.ones(2) / 2"},
}


def rows(course: Path) -> dict:
    """All that the gradebook says of the assignment, without its random ids."""
    with Gradebook(f"sqlite:///{course}/gradebook.db", "small") as book:
        notebook = book.find_notebook("ps", "ps")
        cells = {kind: getattr(notebook, f"{kind}_cells") for kind in ("grade", "solution", "task", "source")}
        return {
            "cells": {kind: sorted(map(_plain, found)) for kind, found in cells.items()},
            "kernel": notebook.kernelspec,
            "students": sorted(student.id for student in book.students),
            "course": book.find_assignment("ps").course_id,
            "submissions": {student: _submission(book, student) for student in HONEST},
        }


def _plain(row) -> tuple:
    return tuple(sorted((name, repr(value)) for name, value in row.to_dict().items() if name != "id"))


def _submission(book: Gradebook, student: str) -> dict:
    submission = book.find_submission("ps", student)
    (notebook,) = submission.notebooks
    return {
        "score": submission.score,
        "timestamp": submission.timestamp,
        "grades": sorted(map(_plain, notebook.grades)),
        "comments": sorted(map(_plain, notebook.comments)),
    }


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """The same course graded by stock nbgrader and by us."""
    stock = write_course(tmp_path_factory.mktemp("both"))
    for student, answers in HONEST.items():
        path = submit(stock, student, answers)
        (path.parent / "timestamp.txt").write_text("2026-01-05 10:00:00 UTC")
    ours = stock.parent / "ours"
    shutil.copytree(stock, ours)
    nbgrader(stock, "generate_assignment", "ps")
    nbgrader(stock, "autograde", "ps")
    grade_assignment(ours, "ps", jobs=1)
    return stock, ours


def test_the_gradebooks_say_the_same(both):
    stock, ours = map(rows, both)
    assert ours == stock
    assert [stock["submissions"][student]["score"] for student in HONEST] == [5.5, 2.5, 4.0]


def test_the_autograded_folders_hold_the_same_files(both):
    stock, ours = ({path.relative_to(c) for path in (c / "autograded").rglob("*")} for c in both)
    assert ours == stock


def test_nbgrader_goes_on_from_what_we_wrote(both):
    _, ours = both
    nbgrader(ours, "generate_feedback", "ps", "--student", "ada")
    assert "5.5" in (ours / "feedback" / "ada" / "ps" / "ps.html").read_text()
    nbgrader(ours, "export", "--to", "grades.csv")
    assert "ada" in (ours / "grades.csv").read_text()
    shutil.rmtree(ours / "autograded" / "bob")
    nbgrader(ours, "autograde", "ps", "--student", "bob", "--force")
    assert (ours / "autograded" / "bob" / "ps" / "ps.ipynb").is_file()
    assert rows(ours)["submissions"]["bob"]["score"] == 2.5
