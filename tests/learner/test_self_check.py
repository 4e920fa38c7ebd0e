"""`grader try`: honest tries open hints and solutions, the map fills up, a look before handing in is free."""

import json

import nbformat
import pytest
from click.testing import CliRunner
from repository import MINI

from grader.cli import main
from grader.course.build import build
from grader.course.release import release
from grader.learner.preflight import in_groups

RIGHT = "def relu(z):\n    return np.maximum(z, 0)"
WRONGS = [f"def relu(z):\n    z[z < {n} * 0] = 0\n    return z" for n in range(1, 6)]


TWICE = """
```{code-cell}
:solution: twice

def twice(z):
    ### BEGIN SOLUTION
    return 2 * relu(z)
    ### END SOLUTION
```

```{code-cell}
:test: twice
:points: 1

grade = Grade(points=1)
with grade("twice what is positive", 1):
    expect("twice(z)", twice(np.array([-1.0, 3.0])), np.array([0.0, 6.0]))
grade.total()
```
"""


@pytest.fixture
def desk(mini_course, tmp_path):
    """A learner's folder with the released mini chapter; returns its notebook's path."""
    return lay_out(mini_course, tmp_path)


def lay_out(mini_course, tmp_path):
    build(mini_course)
    folder = tmp_path / "lab" / "00_mini"
    folder.mkdir(parents=True)
    (folder / "00_mini.ipynb").write_bytes((release(mini_course, "00_mini") / "00_mini.ipynb").read_bytes())
    return folder / "00_mini.ipynb"


def answer(notebook, source, exercise="relu"):
    nb = nbformat.read(notebook, as_version=4)
    next(cell for cell in nb.cells if cell.id == exercise).source = source
    nbformat.write(nb, notebook)


def run(*arguments):
    result = CliRunner().invoke(main, ["try", *map(str, arguments)])
    assert result.exit_code == 0, result.output
    return result.output


def test_a_question_comes_at_once_more_help_when_asked_and_the_solution_after_three_tries(desk):
    begun = run(desk)
    assert "· relu  0/4" in begun and "--hint 2 relu" in begun and "make a copy?" not in begun
    for wrong in WRONGS[:3]:
        assert "try it yourself first" in run(desk, "--solution", "relu")
        answer(desk, wrong)
        said = run(desk)
        assert "a hidden check did not pass" in said and "relu changed" not in said
        assert "make a copy?" in said and "◪" in said
    assert "return np.maximum(z, 0)" in run(desk, "--solution", "relu")


def test_an_answer_finds_the_course_s_shared_data(mini_course, tmp_path):
    with (mini_course / "nbgrader_config.py").open("a") as config:
        config.write('\nc.Grader.data = "numbers"\n')
    (mini_course / "numbers").mkdir()
    (mini_course / "numbers" / "zero.txt").write_text("0")
    desk = lay_out(mini_course, tmp_path)
    answer(desk, 'def relu(z):\n    return np.maximum(z, float(open("numbers/zero.txt").read()))')
    assert "✓ relu  4/4" in run(desk)


@pytest.mark.parametrize(("relu", "told"), [("z", True), ("np.maximum(z, 0)", False)])
def test_an_answer_that_calls_a_wrong_one_is_sent_there_first(mini_course, tmp_path, relu, told):
    (mini_course / "chapters" / "00_mini.md").write_text(MINI + TWICE)
    desk = lay_out(mini_course, tmp_path)
    answer(desk, f"def relu(z):\n    return {relu}")
    answer(desk, "def twice(z):\n    return 3 * relu(z)", "twice")
    assert ("It calls `relu`, whose own test does not pass yet" in run(desk)) == told


def test_the_same_answer_again_is_no_new_try_nor_is_half_a_file(desk):
    answer(desk, WRONGS[0])
    run(desk)
    assert "after 2 more tries" in run(desk, "--solution", "relu")
    text = desk.read_text()
    desk.write_text(text.replace("z[z < 1 * 0] = 0", "z[z < 7 * 0] = 0")[: text.index("return z") + 4])
    assert "cut off or damaged" in run(desk)
    assert "after 2 more tries" in run(desk, "--solution", "relu")


def test_a_folder_that_cannot_be_written_to_costs_the_record_alone(desk):
    answer(desk, RIGHT)
    (desk.parent / ".progress.json").mkdir()  # as root may write anywhere, this is what fails
    said = run(desk)
    assert "✓ relu  4/4" in said and "cannot be written to" in said


def test_a_cell_that_is_no_python_is_shown_with_its_line(desk):
    answer(desk, "def relu(z):\n    return z +* 2")
    said = run(desk)
    line = "relu is not defined (the cell with relu ended with SyntaxError: invalid syntax in line 2"
    assert f"{line}: `return z +* 2`)" in said
    assert "The cell with `relu` ended with a SyntaxError" in said


def test_what_was_passed_is_on_the_map_whatever_lies_beside_the_notebook(desk, monkeypatch):
    monkeypatch.chdir(desk.parent)
    for name in ("numpy", "grader", "random"):
        (desk.parent / f"{name}.py").write_text("raise SystemExit('theirs')")
    assert "□" in run(desk)
    answer(desk, RIGHT)
    said = run(desk)
    assert "✓ relu  4/4" in said and "■" in said and "4 of 4" in said
    assert "return np.maximum(z, 0)" in run(desk, "--solution", "relu")
    answer(desk, WRONGS[0])
    assert "■" in run(desk)


def test_the_look_before_handing_in_names_what_is_missing(desk):
    assert "The answer relu is still empty." in run(desk, "--check-only")
    answer(desk, RIGHT)
    said = run(desk, "--check-only")
    assert ":\nEverything is in its place.\nTo hand it in, upload 00_mini.ipynb, as saved" in said
    nb = json.loads(desk.read_text())
    nb["cells"] = [cell for cell in nb["cells"] if cell["id"] != "test_relu"]
    desk.write_text(json.dumps(nb))
    assert "test_relu was missing" in run(desk, "--check-only")


def test_a_file_to_be_handed_in_is_missed(desk, mini_course):
    answer(desk, RIGHT)
    weights = mini_course / "chapters" / "00_mini" / "nets" / "best.npz"
    weights.parent.mkdir(parents=True)
    weights.write_bytes(b"weights")
    (weights.parent / ".cache").write_bytes(b"")
    missing = "nets/best.npz is not here yet: it is handed in together with the notebook."
    assert missing in run(desk, "--check-only", "--course-dir", mini_course).splitlines()
    (desk.parent / "nets").mkdir()
    (desk.parent / "nets" / "best.npz").write_bytes(b"mine")
    said = run(desk, "--check-only", "--course-dir", mini_course)
    assert "Everything is in its place.\nTo hand it in, upload 00_mini.ipynb and " in said


def test_a_renamed_notebook_is_known_by_what_it_holds(desk):
    answer(desk, RIGHT)
    renamed = desk.rename(desk.with_name("my copy (2).ipynb"))
    assert "✓ relu  4/4" in run(renamed)


def test_many_lines_of_one_kind_are_one():
    lines = [f"The answer {name} is still empty." for name in "ab"] + ["A cell was missing."] * 3
    assert in_groups(lines) == ["A cell was missing. (3 times)", "Still empty are the answers a, b."]


def test_what_is_no_notebook_is_one_line(desk, tmp_path):
    for path in (tmp_path / "none.ipynb", desk.parent):
        result = CliRunner().invoke(main, ["try", str(path)])
        assert result.exit_code == 2 and len(result.output.strip().splitlines()) == 1
