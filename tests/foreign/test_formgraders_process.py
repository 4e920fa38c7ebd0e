"""nbgrader's server, in one process of which notebooks are graded again and again."""

import json

import nbformat
import pytest
from foreign_course import ASSIGNMENT, notebook, write
from nbgrader.utils import determine_grade, is_grade
from traitlets.config import Config

from grader.errors import GraderError
from grader.preprocessor import ExecuteSandboxed

TEXT = """
#% plain
from itertools import repeat
#% solution
### BEGIN SOLUTION
def answer():
    return 1
### END SOLUTION
#% test 1
assert answer() == 1
"""
QUESTION = """
#% solution
### BEGIN SOLUTION
def f{n}():
    return 1
### END SOLUTION
#% test 1
assert f{n}() == 1 or any(repeat(0))
"""
BUSY = "".join(QUESTION.format(n=n) for n in range(5))  # a wrong answer keeps the judge where no alarm rings


def new_course(tmp_path, text: str):
    """With a folder of chapters: then nobody looks where its tests run best."""
    course = write(tmp_path, text)
    (course / "chapters").mkdir()
    return course


def marks(course, answers: str) -> list[float]:
    """What nbgrader makes of the notebook of `answers`, as the executor leaves it."""
    config = Config({"CourseDirectory": {"root": str(course)}, "Grader": {"cell_seconds": 0.5}})
    whose = {"assignment": ASSIGNMENT, "notebook": "nb", "student": "she"}
    resources = {"nbgrader": whose, "metadata": {"path": str(course)}}
    nb, _ = ExecuteSandboxed(config=config).preprocess(nbformat.from_dict(notebook(answers)), resources)
    return [determine_grade(cell)[0] for cell in nb.cells if is_grade(cell)]


def test_an_assignment_that_was_edited_is_graded_as_it_is_now(tmp_path):
    course = new_course(tmp_path, TEXT)
    assert marks(course, TEXT) == [1]
    edited = TEXT.replace("return 1", "return 2").replace("== 1", "== 2")
    (course / "source" / ASSIGNMENT / "nb.ipynb").write_text(json.dumps(notebook(edited)))
    assert marks(course, TEXT) == [0]


def test_an_assignment_that_could_not_be_read_leaves_the_others_as_they_are(tmp_path):
    course, broken = new_course(tmp_path / "one", TEXT), new_course(tmp_path / "two", TEXT)
    (broken / "source" / ASSIGNMENT / "nb.ipynb").write_text("{")
    assert marks(course, TEXT) == [1]
    with pytest.raises(GraderError):
        marks(broken, TEXT)
    assert marks(course, TEXT) == [1]


def test_a_test_that_did_not_run_earns_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("grader.engine.judge_clock.GRACE_SECONDS", 0.5)
    course = new_course(tmp_path, TEXT + BUSY)
    wrong = (TEXT + BUSY).replace("return 1", "return 2")
    assert marks(course, wrong) == [0] * 6
