"""A chapter runs on where a function of an earlier one is missing, and says whose exercise it is."""

import importlib
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from cs231nlib import earlier
from cs231nlib.exercises import find_exercise
from cs231nlib.progress import begin

IMPORTS = "from cs231nlib.grading import Grade, expect\nfrom mynet import scale, train"


def answer(grade_id, source):
    settings = {"nbgrader": {"grade_id": grade_id, "solution": True, "grade": False}}
    return new_code_cell(source, id=grade_id, metadata=settings)


@pytest.fixture
def lab(tmp_path):
    """A working copy: chapter 05 with two exercises, of which `train` is not written; an empty chapter 07."""
    cells = [
        new_markdown_cell("# Training"),
        new_markdown_cell("Scale first.\n\n### Exercise 2 · `scale` (5 points)\n\nTwice."),
        answer("scale", "FACTOR = 2\n\n\ndef scale(x):\n    return FACTOR * x"),
        new_markdown_cell("### Exercise 3 · `steps` (5 points)"),
        answer("steps", "def step(x):\n    return x\n\n\ndef train(x):\n    raise NotImplementedError()"),
    ]
    for name, nb in (("05_training", new_notebook(cells=cells)), ("07_regularization", new_notebook())):
        (tmp_path / name).mkdir()
        nbformat.write(nb, tmp_path / name / f"{name}.ipynb")
    (tmp_path / ".released.json").write_text("{}")
    return tmp_path


def run(folder, *sources):
    """What each cell of a notebook in `folder` printed or showed as an error."""
    nb = new_notebook(cells=[new_code_cell(source) for source in sources])
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(nb, timeout=60, kernel_name="python3", resources=resources).execute()
    return ["".join(map(_words, cell.outputs)) for cell in nb.cells]


def _words(output):
    return output.get("text") or output.get("ename") or output.data["text/plain"]


ADVICE = "run the `keep` cell of that chapter, then restart this notebook"
TEST = "grade = Grade(points=1)\nwith grade('it trains', 1):\n    train(3)\ngrade.total()"


@pytest.mark.parametrize("file", [True, False])
def test_what_is_missing_is_named_and_the_rest_runs(lab, file):
    """With an empty mynet.py beside the chapters, and without one."""
    if file:
        begin(lab / "mynet.py")
    first, call, test, below = run(lab / "07_regularization", IMPORTS, "train(3)", TEST, "print('here')")
    assert first.splitlines() == [
        f"scale is not in mynet.py yet: finish exercise 2 of chapter 05, {ADVICE}."
        " Until then, what needs it cannot run.",
        "train is missing from mynet.py, too: finish exercise 3 of chapter 05.",
    ]
    assert call == f"train is not in mynet.py yet: finish exercise 3 of chapter 05, {ADVICE}.\n"
    assert "✗ it trains" in test and "exercise 3 of chapter 05" in test and "not started" not in test.lower()
    assert below == "here\n"


def test_it_stops_where_nbgrader_executes(lab, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    with pytest.raises(CellExecutionError, match="exercise 3 of chapter 05"):
        run(lab, IMPORTS, "train(3)")


def test_what_was_kept_is_found_from_another_chapters_folder(lab):
    begin(lab / "mynet.py").write_text("def scale(x):\n    return 2 * x\n")
    code = "from cs231nlib.grading import Grade\nfrom mynet import scale; print(scale(21))"
    done = subprocess.run([sys.executable, "-c", code], cwd=lab / "07_regularization", capture_output=True)
    assert done.stdout == b"42\n", done.stderr


def test_another_missing_module_is_still_missing():
    earlier.install()
    with pytest.raises(ModuleNotFoundError, match="No module named 'mynett'"):
        importlib.import_module("mynett")


def test_exercises_are_found_by_the_function_that_they_define(lab):
    assert str(find_exercise("train", lab)) == "exercise 3 of chapter 05"
    assert find_exercise("train", lab).grade_id == "steps" and find_exercise("trai", lab) is None
    assert find_exercise("scale", lab / "05_training").number == 2
    (lab / "01_torn.ipynb").write_text('{"cells": [7, {"source": "def train"')
    (lab / "02_odd.ipynb").write_text('{"cells": [7, {"source": 3, "metadata": []}]}')
    assert find_exercise("train", lab).chapter == "05"


def test_without_chapters_it_says_so_without_a_number(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    earlier.stand_in("train")
    assert "train is not in mynet.py yet: finish its exercise, run" in capsys.readouterr().out
    with pytest.raises(AttributeError):
        earlier.stand_in("__path__")
