"""`grader try`: honest tries open hints and solutions, the map fills up, a look before handing in is free."""

import json

import nbformat
import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.course.build import build
from grader.course.release import release

RIGHT = "def relu(z):\n    return np.maximum(z, 0)"
WRONGS = [f"def relu(z):\n    z[z < {n} * 0] = 0\n    return z" for n in range(1, 6)]


@pytest.fixture
def desk(mini_course, tmp_path):
    """A learner's folder with the released mini chapter; returns its notebook's path."""
    build(mini_course)
    folder = tmp_path / "lab" / "00_mini"
    folder.mkdir(parents=True)
    (folder / "00_mini.ipynb").write_bytes((release(mini_course, "00_mini") / "00_mini.ipynb").read_bytes())
    return folder / "00_mini.ipynb"


def answer(notebook, source):
    nb = nbformat.read(notebook, as_version=4)
    next(cell for cell in nb.cells if cell.id == "relu").source = source
    nbformat.write(nb, notebook)


def run(*arguments):
    result = CliRunner().invoke(main, ["try", *map(str, arguments)])
    assert result.exit_code == 0, result.output
    return result.output


def test_hints_open_with_honest_tries_and_the_solution_after_three(desk):
    assert "· relu  0/4" in run(desk)
    for number, wrong in enumerate(WRONGS[:3]):
        assert "try it yourself first" in run(desk, "--solution", "relu")
        answer(desk, wrong)
        said = run(desk)
        assert "a hidden check did not pass" in said and "relu changed" not in said
        assert ("make a copy?" in said) == (number >= 1)
        run(desk)  # the same answer again is no new try
    assert "return np.maximum(z, 0)" in run(desk, "--solution", "relu")


def test_what_was_passed_is_on_the_map(desk):
    assert "□" in run(desk)
    answer(desk, RIGHT)
    said = run(desk)
    assert "✓ relu  4/4" in said and "■" in said and "4 of 4" in said
    assert "return np.maximum(z, 0)" in run(desk, "--solution", "relu")
    answer(desk, WRONGS[0])
    assert "■" in run(desk)


def test_a_hint_can_be_asked_for(desk):
    answer(desk, WRONGS[0])
    assert "make a copy?" not in run(desk)
    assert "make a copy?" in run(desk, "--hint", "2")


def test_the_look_before_handing_in_names_what_is_missing(desk):
    assert "The answer relu is still empty." in run(desk, "--check-only")
    answer(desk, RIGHT)
    assert run(desk, "--check-only").strip() == "Everything is in its place."
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
    assert run(desk, "--check-only", "--course-dir", mini_course).strip() == missing
    (desk.parent / "nets").mkdir()
    (desk.parent / "nets" / "best.npz").write_bytes(b"mine")
    assert run(desk, "--check-only", "--course-dir", mini_course).strip() == "Everything is in its place."


def test_a_renamed_notebook_is_known_by_what_it_holds(desk):
    answer(desk, RIGHT)
    renamed = desk.rename(desk.with_name("my copy (2).ipynb"))
    assert "✓ relu  4/4" in run(renamed)


def test_what_is_no_notebook_is_one_line(desk, tmp_path):
    for path in (tmp_path / "none.ipynb", desk.parent):
        result = CliRunner().invoke(main, ["try", str(path)])
        assert result.exit_code == 2 and len(result.output.strip().splitlines()) == 1
