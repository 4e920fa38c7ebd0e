"""What repair puts right, one damage at a time; each beside a near miss that needs no repair."""

import copy

import damaged
import nbformat
from damaged import ANSWERS, SOURCE, answer, as_bytes, at, cell, mark, points, submission
from nbformat import from_dict
from nbgrader.nbgraderformat import MetadataValidator
from told_repairs import ALL, GOOD, repaired, told

from grader.repair.repair import check_only, repair


def test_a_good_submission_needs_no_repair():
    result = repaired(submission())
    assert (result.repairs, result.unanswered, points(result.notebook)) == ((), (), ALL)
    nbformat.validate(result.notebook)
    MetadataValidator().validate_nb(result.notebook)


def test_the_key_is_left_as_it_was():
    before = copy.deepcopy(SOURCE)
    result = repaired(submission()).notebook
    result.cells[at(result, "t-Box")].metadata.nbgrader.points = 200
    result.metadata.kernelspec.name = "other"
    assert before == SOURCE


def test_the_result_is_the_same_every_time_and_repairing_it_again_changes_nothing():
    first, second = repaired(submission()).notebook, repaired(submission()).notebook
    assert first == second
    assert [c.source for c in repaired(first).notebook.cells] == [c.source for c in first.cells]


def test_a_moved_test_is_put_back_and_told():
    nb = submission()
    nb["cells"].insert(1, nb["cells"].pop(at(nb, "t-Box")))
    result = repaired(nb)
    assert points(result.notebook) == ALL
    what = "The test cell test_Box had been moved; it was put back in its place."
    assert told(result) == [("test_Box", what)]


def test_forged_marks_and_points_are_the_instructors_again():
    nb = submission()
    nb["cells"][at(nb, "t-Box")]["metadata"] = mark("test_Box", grade=True, points=200)
    nb["cells"].insert(0, cell("code", "True", "mine", mark("bonus", grade=True, points=50)))
    result = repaired(nb).notebook
    marks = {
        c.metadata.nbgrader.grade_id: c.metadata.nbgrader for c in result.cells if "nbgrader" in c.metadata
    }
    assert marks["test_Box"].points == 2
    assert "bonus" not in marks


def test_outputs_and_kernel_are_not_taken_from_the_file():
    nb = submission()
    nb["metadata"] = {"kernelspec": {"name": "evil", "display_name": "", "language": "sh"}}
    nb["cells"][at(nb, "t-Box")]["outputs"] = [{"output_type": "execute_result", "data": {"text/plain": "2"}}]
    result = repaired(nb).notebook
    assert result.metadata == SOURCE.metadata
    assert not any(c.outputs for c in result.cells if c.cell_type == "code")


def test_an_edited_test_is_put_back_and_told():
    nb = submission()
    nb["cells"][at(nb, "t-double")]["source"] = "# tests of double\nassert True"
    result = repaired(nb)
    assert answer(result.notebook, "test_double") == damaged.tests_of("double")
    assert told(result) == [("test_double", "The test cell test_double had been edited; it was put back.")]


def test_an_edited_test_without_its_mark_is_known_by_its_cell_id():
    nb = submission()
    edited = {"source": "# tests of double\nassert double(9) == 18, my_own_words", "metadata": {}}
    nb["cells"][at(nb, "t-double")] |= edited
    assert edited["source"] not in [c.source for c in repaired(nb).notebook.cells]


def test_the_students_own_code_under_the_id_of_a_test_is_kept():
    nb = submission()
    nb["cells"][at(nb, "t-double")]["source"] = "import csv\nrows = list(csv.reader(open('mine.csv')))"
    sources = [c.source for c in repaired(nb).notebook.cells]
    assert nb["cells"][at(nb, "t-double")]["source"] in sources


def test_what_a_student_added_to_a_locked_cell_is_kept_in_a_cell_of_its_own():
    nb = submission()
    nb["cells"][at(nb, "setup")]["source"] += "\nimport string"
    result = repaired(nb)
    sources = [c.source for c in result.notebook.cells]
    assert sources[1:3] == ["import math\nLIMIT = 3", "import string"]
    assert "stands in a cell of its own" in told(result)[0][1]


def test_a_line_put_inside_a_block_of_a_locked_cell_does_not_stand_alone():
    nb = submission()
    nb["cells"][at(nb, "setup")]["source"] += "\n    half = a_block"
    assert not any("half = a_block" in c.source for c in repaired(nb).notebook.cells)


def test_an_answer_written_into_an_edited_test_is_found():
    nb = submission()
    nb["cells"].pop(at(nb, "c-double"))
    nb["cells"][at(nb, "t-double")]["source"] = (
        f"# tests of double\n{ANSWERS['double']}\nassert double(5) == 10"
    )
    result = repaired(nb)
    assert points(result.notebook) == ALL
    assert ANSWERS["double"] in answer(result.notebook, "double")


def test_a_plain_cell_the_student_changed_is_put_back_with_the_change_below():
    nb = submission()
    nb["cells"][at(nb, "demo")]["source"] = "scale = 20\nscale"
    sources = [c.source for c in repaired(nb).notebook.cells]
    assert sources[2:4] == ["scale = 10\nscale", "scale = 20\nscale"]


def test_a_cell_with_an_id_that_is_not_locked_is_the_students_to_change():
    """Old versions of nbgrader gave every cell an id."""
    source, nb = copy.deepcopy(SOURCE), submission()
    source.cells[at(SOURCE, "demo")].metadata = from_dict(mark("demo"))
    nb["cells"][at(nb, "demo")] |= {"source": "scale = 30", "metadata": mark("demo")}
    sources = [c.source for c in repair(as_bytes(nb), source, "boxes").notebook.cells]
    assert sources[2:4] == ["scale = 10\nscale", "scale = 30"]


def test_deleted_cells_are_put_back_and_a_deleted_answer_is_empty():
    nb = submission()
    for gone in ("t-double", "c-Box"):
        nb["cells"].pop(at(nb, gone))
    result = repaired(nb)
    assert points(result.notebook) == ALL | {"test_Box": False}
    assert answer(result.notebook, "Box") == ""
    assert result.unanswered == ("Box",)
    assert ("Box", "The cell for the answer Box was missing.") in told(result)


def test_swapped_ids_of_tests_and_of_answers_do_not_swap_the_cells():
    nb = submission()
    for one, other in (("c-double", "c-Box"), ("t-double", "t-shout")):
        a, b = nb["cells"][at(nb, one)], nb["cells"][at(nb, other)]
        a["metadata"], b["metadata"] = b["metadata"], a["metadata"]
    result = repaired(nb)
    assert points(result.notebook) == ALL
    assert answer(result.notebook, "Box") == ANSWERS["Box"]
    assert all("had lost its mark" in what for _, what in told(result))


def test_a_key_without_regions_never_hands_out_the_solution():
    source = copy.deepcopy(SOURCE)
    source.cells[at(SOURCE, "c-double")].source = "def double(x):\n    return 2 * x"
    nb = submission()
    nb["cells"].pop(at(nb, "c-double"))
    assert answer(repair(as_bytes(nb), source, "boxes").notebook, "double") == ""
    nb = submission()
    nb["cells"][at(nb, "c-double")]["source"] = "def double(x):\n    return 2 * x"
    assert repair(as_bytes(nb), source, "boxes").unanswered == ()


def test_check_only_says_what_would_be_repaired_and_what_is_empty():
    nb = submission()
    nb["cells"][at(nb, "c-why")]["source"] = ""
    nb["cells"].pop(at(nb, "t-Box"))
    assert check_only(as_bytes(nb), SOURCE, "boxes") == [
        "The test cell test_Box was missing; it was put back.",
        "The answer why is still empty.",
    ]
    assert check_only(GOOD, SOURCE, "boxes") == []
