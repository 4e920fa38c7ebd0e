"""A mistake does not cascade: the reference stands in for what failed, without its code going anywhere."""

import shutil
from pathlib import Path

import nbformat
import pytest

from grader.course.build import build
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.engine.execute import execute
from grader.engine.judge.client import Judges
from grader.records import Limits, Status

HALF = "def half(z):\n    return relu(z) / 2"
QUARTER = "def quarter(z):\n    return half(half(z))"


@pytest.fixture
def run(mini_course, zygote):
    shutil.copy(Path(__file__).parents[1] / "chapters" / "01_builds.md", mini_course / "chapters")
    build(mini_course)
    key = load_key(open_course(mini_course), "01_builds")

    def run(files=None, **answers):
        nb = nbformat.from_dict(key.notebooks["01_builds"])
        nb = nbformat.reads(nbformat.writes(nb), as_version=4)
        for cell in nb.cells:
            cell.source = answers.get(cell.id, cell.source)
        return execute(zygote, judges, "01_builds", nb, Limits(), files=files or {}).verdicts

    with Judges(key) as judges:
        yield run


def test_an_earlier_chapters_function_is_there(run):
    verdicts = run(half=HALF, quarter=QUARTER)
    assert [v.points for v in verdicts.values()] == [2.0, 2.0]
    assert "own relu stood in" in verdicts["test_half"].cause


def test_a_wrong_answer_does_not_cost_the_next_question(run):
    verdicts = run(half="def half(z):\n    return z", quarter=QUARTER)
    assert verdicts["test_half"].points == 0.0
    assert verdicts["test_quarter"].points == 2.0
    assert "own half" in verdicts["test_quarter"].cause


def test_a_right_answer_is_not_replaced(run):
    verdicts = run(half=HALF, quarter="def quarter(z):\n    assert half.__code__\n    return half(half(z))")
    assert verdicts["test_quarter"].points == 2.0
    assert "half" not in verdicts["test_quarter"].cause


def test_lending_survives_the_loss_of_the_process(run):
    deadly = "import os\ndef half(z):\n    os._exit(1)"
    verdicts = run(half=deadly, quarter=QUARTER)
    assert verdicts["test_half"].status is Status.DIED
    assert verdicts["test_quarter"].points == 2.0


def test_the_reference_itself_does_not_reach_the_student(run):
    peek = (
        "import inspect, mynet, sys\n"
        "def half(z):\n"
        "    assert not hasattr(relu, '__code__') and not hasattr(mynet, '__file__')\n"
        "    try:\n"
        "        inspect.getsource(relu)\n"
        "    except (TypeError, OSError):\n"
        "        return relu(z) / 2\n"
    )
    assert run(half=peek)["test_half"].points == 2.0


def test_a_students_own_module_does_not_take_its_place(run):
    verdicts = run({"mynet.py": b"def relu(z):\n    return z"}, half=HALF, quarter=QUARTER)
    assert verdicts["test_half"].points == 2.0


def test_a_lent_function_is_no_answer_to_its_own_question(run):
    assert run(half="half = None", quarter=QUARTER)["test_half"].points == 0.0
    assert run(half="from mynet import half", quarter=QUARTER)["test_half"].points == 0.0
