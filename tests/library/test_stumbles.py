"""Restart & Run All reaches the last cell, past unwritten exercises and errors that are there to be read."""

import nbformat
import pytest
from kernel_page import kernel_page
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

IMPORT = "from cs231nlib.grading import Grade\nfrom cs231nlib.stumbles import go_on"
STUB = "def relu(z):\n    raise NotImplementedError()"


def run(*sources):
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in (IMPORT, *sources)])
    NotebookClient(nb, timeout=60, kernel_name="python3").execute()
    return [cell.outputs for cell in nb.cells[1:]]


def test_an_unwritten_exercise_is_named_in_one_line_and_the_next_cell_runs():
    _, shown, below = run(STUB, "x = relu(3)", "print('here')")
    assert [out.output_type for out in shown] == ["stream"]
    assert shown[0].text.startswith("relu is not started yet") and shown[0].text.count("\n") == 1
    assert below[0].text == "here\n"


def test_an_error_to_be_read_is_shown_whole_and_the_next_cell_runs():
    shown, below = run("go_on()\n1 / 0", "print('here')")
    assert shown[0].output_type == "error" and shown[0].ename == "ZeroDivisionError"
    assert len(shown[0].traceback) > 2 and "division by zero" in shown[0].traceback[-1]
    assert below[0].text == "here\n"


def test_what_a_waiting_cell_would_have_made_is_missed_in_one_line():
    sources = STUB, "x, other = relu(3), 1\nimport math as m", "y = x + 1", "print(m.pi, y)", "print('here')"
    _, _, first, second, below = run(*sources)
    assert first[0].text.startswith("x comes from a cell above") and len(first) == 1
    assert second[0].text.startswith("m comes from a cell above") and below[0].text == "here\n"


def test_a_slider_whose_frames_need_an_unwritten_exercise_says_so():
    _, shown = run(STUB, "from cs231nlib.interact import slider\nslider(lambda z: relu(z), z=[1, 2])")
    assert shown[0].data["text/html"].startswith("relu is not started yet")


@pytest.mark.parametrize("sources", [("1 / 0",), ("go_on()\nx = 1", "1 / 0")])
def test_any_other_error_stops_the_run(sources):
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        run(*sources)


def test_a_name_that_nobody_was_to_make_stops_the_run_with_its_traceback():
    with pytest.raises(CellExecutionError, match="name 'z' is not defined"):
        run(STUB, "x = relu(3)", "print(z)")


def test_nothing_is_forgiven_while_nbgrader_executes(monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    with pytest.raises(CellExecutionError, match="NotImplementedError"):
        run(STUB, "relu(3)")


RIGHT, WRONG = "return x", "return missing"
PAGE = {  # id of a cell -> its source; {} is what `scale` does
    "scale": "def scale(x):\n    {}",
    "test_scale": "grade = Grade(points=1)\nwith grade('same', 1):\n    assert scale(1) == 1\ngrade.total()",
    "own": "1 / 0",
    "made": "def twice(x):\n    return scale(x) / 0\ntwo = [twice]",
    "drawn": "from cs231nlib.interact import slider\nslider(lambda z: twice(z), z=[1, 2])",
    "demo": "seen = two[0](3)",
    "below": "print(seen)",
}


EXCUSE = """This cell uses scale, which does not pass its test yet. NameError: name 'missing' is not defined
line 2 of your scale: `missing`
Mend it, then run this one again. (%tb shows the whole traceback.)
"""


@pytest.mark.parametrize(
    ("does", "stopped", "printed"),
    [(RIGHT, "ZeroDivisionError", ""), (WRONG, None, "seen comes from a cell above that waits")],
)
def test_what_uses_an_answer_that_fails_its_test_stops_no_cell_below(tmp_path, does, stopped, printed):
    answer = nbformat.v4.new_code_cell(PAGE["scale"], id="scale")
    answer.metadata = {"nbgrader": {"grade_id": "scale", "solution": True}}
    nbformat.write(nbformat.v4.new_notebook(cells=[answer]), tmp_path / "05_training.ipynb")
    with kernel_page(tmp_path) as run:
        run("first", IMPORT)
        seen = {cell: run(cell, source.replace("{}", does)) for cell, source in PAGE.items()}
    assert seen["own"][1] == "ZeroDivisionError" and seen["demo"][1] == stopped
    assert printed in seen["below"][0]
    assert ("uses scale, which does not pass" in str(seen["drawn"])) == (does == WRONG)
    assert (seen["demo"][0] == EXCUSE) == (does == WRONG)


@pytest.mark.parametrize(("cell", "goes_on"), [("convolve", True), ("own", False)])
@pytest.mark.parametrize("source", ["def convolve(x, w):\n    return 2 * not x", "convolve = 1 / 0"])
def test_an_error_in_an_answers_own_cell_is_shown_and_stops_no_cell_below(tmp_path, cell, goes_on, source):
    with kernel_page(tmp_path) as run:
        run("first", IMPORT)
        shown, stopped = run(cell, source)
        said, _ = run("below", "made = convolve(1, 2)")
    assert "Error" in shown and (stopped is None) == goes_on
    assert ("convolve comes from a cell above" in said) == goes_on
