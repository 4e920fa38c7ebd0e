"""The question in the notebook: a real kernel runs a released notebook, wrong and right answers in it."""

import json
import shutil

import nbformat
import pytest
from kernel_page import kernel_page
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell
from repository import ROOT

from cs231nlib.exercise_facts import FOLDER
from grader.notebook.evidence import digest, mark, recognise

RELEASE = ROOT / "course" / "release"
CHAPTERS = sorted(path.stem for path in (ROOT / "course" / "chapters").glob("*.md"))
FORWARD = (
    "def derivative(f, x, h=1e-5, kind='central'):\n    step = h\n    return (f(x + step) - f(x)) / step"
)
SLIP = (
    "def derivative(f, x, h=1e-5, kind='central'):\n"
    "    if kind == 'forward':\n        return (f(x + h) - f(x)) / h\n"
    "    both = f(x + h) + f(x - h)\n    return both / (2 * h)"
)
TWO = SLIP.replace("(2 * h)", "h")
OTHER = "def derivative(f, x, h=1e-5, kind='central'):\n    return 17.25"
RIGHT = (
    "def derivative(f, x, h=1e-5, kind='central'):\n"
    "    if kind == 'forward':\n        return (f(x + h) - f(x)) / h\n"
    "    return (f(x + h) - f(x - h)) / (2 * h)"
)
TOOLS = "from cs231nlib.tutor import hint, progress, solution"


@pytest.fixture
def lab(tmp_path):
    """A working copy of chapter 01, up to its first test cell; `lab(*cells)` runs it with cells instead."""
    (tmp_path / ".released.json").write_text("{}")
    folder = tmp_path / "01_gradients"
    shutil.copytree(RELEASE / "01_gradients", folder)
    nb = nbformat.read(folder / "01_gradients.ipynb", as_version=4)
    first = next(cell for cell in nb.cells if cell.source.startswith("import numpy"))
    test = next(cell for cell in nb.cells if cell.get("id") == "test_derivative")

    def run(*sources: str) -> list[str]:
        """What each cell shows; "TEST" stands for the test cell."""
        cells = [new_code_cell(test.source if source == "TEST" else source) for source in sources]
        resources = {"metadata": {"path": str(folder)}}
        book = nbformat.v4.new_notebook(cells=[first, *cells], metadata=nb.metadata)
        NotebookClient(book, timeout=60, resources=resources, allow_errors=True).execute()
        return [json.dumps(cell.outputs, ensure_ascii=False) for cell in book.cells[1:]]

    run.home = tmp_path
    return run


def test_a_recognised_mistake_gets_its_own_question_a_slip_its_kind_and_another_the_exercises(lab):
    recognised, slip, unknown = lab(FORWARD, "TEST", SLIP, "TEST", OTHER, "TEST")[1::2]
    assert "one sign is turned" in slip and "Next hint" in slip
    assert "You always take the forward difference" in recognised and "Show example" in recognised
    assert recognised.index("You always take") < recognised.index("Next hint")
    assert (
        "You always take" not in unknown
        and "what comes out when" not in unknown
        and "rise divided by run" in unknown
    )


def test_two_slips_at_once_are_told_together(lab):
    told = lab(TWO, "TEST")[1]
    assert "Two things come together here" in told and "one sign is turned" in told


SLOPES = "def grad_product(x, y):\n    return {}"
ESTIMATE = (
    "def linear_estimate(x, y, dx, dy):\n    slopes = {}\n    return x - y + slopes[0] * dx + slopes[1] * dy"
)


@pytest.mark.parametrize(
    ("slopes", "called", "told"),
    [("x, y", "grad_product(x, y)", True), ("y, x", "grad_product(x, y)", False), ("x, y", "(y, x)", False)],
    ids=["wrong and called", "called and right", "wrong and not called"],
)
def test_an_answer_that_calls_a_wrong_one_is_sent_there_first(lab, slopes, called, told):
    """The page names its cells here, as JupyterLab does."""
    nb = nbformat.read(lab.home / "01_gradients" / "01_gradients.ipynb", as_version=4)
    source = {cell.id: cell.source for cell in nb.cells}
    with kernel_page(lab.home / "01_gradients") as run:
        run("first", next(text for text in source.values() if text.startswith("import numpy")))
        run("grad_product", SLOPES.format(slopes))
        run("test_grad_product", source["test_grad_product"])
        run("linear_estimate", ESTIMATE.format(called))
        shown, _ = run("test_linear_estimate", source["test_linear_estimate"])
    assert "✗" in shown and ("It calls <code>grad_product</code>, whose own test" in shown) == told


def test_a_right_answer_is_asked_nothing_told_what_is_still_open_and_may_be_compared(lab):
    _, _, shown, solution = lab(TOOLS, RIGHT, "TEST", "solution('derivative')")
    assert "7 of 10 points so far; 3 points are in checks that grading makes" in shown
    assert "rise divided by run" not in shown and "execute_result" not in shown
    assert "return (f(x + h) - f(x - h)) / (2 * h)" in solution


def test_the_names_of_a_test_cell_are_its_own(lab):
    leaning = RIGHT.replace("return (f(x + h) - f(x - h))", "return at - at + (f(x + h) - f(x - h))")
    shown = lab("got = 5", leaning, "TEST", "'asked' in vars() or 'at' in vars() or got")
    assert "at is not defined" in shown[2] and '"text/plain": "5"' in shown[3]


def test_hints_go_on_where_the_page_stands_up_to_the_example(lab):
    cells = lab(TOOLS, "hint('derivative')", FORWARD, "TEST", *["hint('derivative')"] * 3)
    assert "rise divided by run" in cells[1] and "You always take" in cells[3]
    assert "rise divided by run" in cells[4] and "kilometre" in cells[5] and cells[6] == cells[5]
    assert "<em>rise over run</em>" in cells[3]


def test_three_different_tries_open_the_solution_and_the_same_one_three_times_does_not(lab):
    again = lab(TOOLS, *[FORWARD, "TEST"] * 3, "solution('derivative')")[-1]
    assert "after 2 more tries" in again
    more = [OTHER, "TEST", OTHER.replace("17", "18"), "TEST"]
    assert "return (f(x + h) - f(x - h)) / (2 * h)" in lab(TOOLS, *more, "solution('derivative')")[-1]


def test_the_map_shows_what_is_begun(lab):
    shown = lab(TOOLS, FORWARD, "TEST", "progress()")[-1]
    assert "01_gradients         ◪□" in shown and "of 80" in shown
    tries = json.loads((lab.home / ".progress.json").read_text())["01_gradients"]["derivative"]
    assert tries["points"] == 2.0 and len(tries["failed"]) == 1


def test_an_unknown_exercise_is_named(lab):
    assert "There is no exercise 'derivatives'" in lab(TOOLS, "hint('derivatives')")[-1]


def test_what_does_not_end_says_so_and_the_checks_below_it_still_run(lab):
    hangs = RIGHT.replace("    if kind", "    while h == 0.1 and kind == 'forward': pass\n    if kind", 1)
    shown = lab("import cs231nlib.patience\ncs231nlib.patience.SECONDS = 1.0", hangs, "TEST")[2]
    assert "It did not end within 1 s. Does a loop wait" in shown and "5 of 10 points so far" in shown


def test_a_students_files_do_not_run_in_place_of_ours(lab):
    folder = lab.home / "01_gradients"
    for name in ("grader", "click", "nbformat"):
        (folder / f"{name}.py").write_text("raise SystemExit('theirs')")
    looked = lab(FORWARD, "TEST", "from cs231nlib.progress import look_over\nlook_over('01_gradients.ipynb')")
    assert "You always take the forward difference" in looked[1]
    assert "theirs" not in looked[2] and "Still empty are the answers derivative" in looked[2]


@pytest.mark.parametrize("file", ["numpy.py", "random.py", "matplotlib/__init__.py"])
def test_a_file_that_hides_a_module_is_named(lab, file):
    path = lab.home / "01_gradients" / file
    path.parent.mkdir(exist_ok=True)
    path.write_text("found = 17")
    said = lab("import random, numpy, matplotlib", "import cs231nlib")[1]
    known = "random" in file  # Jupyter has loaded Python's own before
    assert ("You have a file" in said and f"{file} here, which hides" in said) != known


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_hints_of_a_chapter_are_those_of_its_text(chapter):
    facts = json.loads((FOLDER / f"{chapter}.json").read_text(encoding="utf-8"))
    text = (ROOT / "course" / "chapters" / f"{chapter}.md").read_text(encoding="utf-8")
    assert facts["made_from"] == digest(text), "run `make release` and commit cs231nlib/hints"
    cells = json.loads((RELEASE / chapter / f"{chapter}.ipynb").read_text())["cells"]
    tests = {digest("".join(cell["source"])) for cell in cells}
    assert all(exercise["test"] in tests and exercise["question"] for exercise in facts["exercises"].values())


def test_two_mistakes_at_once_are_told_by_the_value_that_only_one_gives():
    one, two = mark("a", "f(1) should be 2, but is 3."), mark("b", "wrong")
    known = [{"marks": [one], "hint": "first"}, {"marks": [two], "hint": "second"}]
    assert recognise([one], known) == "first"
    assert recognise([one, two], known) == "first"
    assert recognise([two, one], known) == ""  # words without a value may fit many
    assert recognise([one, two], [*known, {"marks": [one, "x"], "hint": "third"}]) == ""
    assert recognise([], known) == ""
    more = [{"marks": [one, two], "hint": "fails where the answer passes"}]
    assert recognise([one], more) == "" and recognise([one, "x"], more) != ""
