"""An answer that is not in its cell is looked for in cells of the student's own, and in other answers."""

import copy

import pytest
from damaged import ANSWERS, SOURCE, answer, as_bytes, at, cell, points, stub, submission
from told_repairs import ALL, repaired

from grader.repair.repair import repair


@pytest.mark.parametrize("where", ["below", "above", "end"])
def test_an_answer_in_a_new_cell_is_found_when_the_stub_is_untouched(where):
    nb = submission()
    here = at(nb, "c-double")
    nb["cells"][here]["source"] = stub("double")
    position = {"below": here + 1, "above": here, "end": len(nb["cells"])}[where]
    nb["cells"].insert(position, cell("code", ANSWERS["double"], "new"))
    result = repaired(nb)
    assert points(result.notebook) == ALL
    assert result.unanswered == ()


def test_of_several_new_cells_with_an_answer_the_one_in_place_counts():
    nb = submission()
    here = at(nb, "c-double")
    nb["cells"][here]["source"] = stub("double")
    nb["cells"].insert(here + 1, cell("code", ANSWERS["double"], "new"))
    nb["cells"].append(cell("code", "def double(x):\n    return 'a try'", "try"))
    assert answer(repaired(nb).notebook, "double") == ANSWERS["double"]


@pytest.mark.parametrize("where", ["own cell", "answer"])
def test_an_answer_that_is_found_above_one_that_uses_it_is_still_there_for_that_one(where):
    nb = submission()
    use = 'assert shout("a") == "A!"\n' + ANSWERS["double"]
    nb["cells"][at(nb, "c-shout")]["source"] = stub("shout")
    if where == "answer":
        use = f"{ANSWERS['shout']}\n\n{use}"
    else:
        nb["cells"].insert(0, cell("code", ANSWERS["shout"], "own"))
    nb["cells"][at(nb, "c-double")]["source"] = use
    assert points(repaired(nb).notebook) == ALL


def test_a_written_answer_in_a_new_cell_or_under_the_question_is_found():
    for merged in (False, True):
        nb = submission()
        nb["cells"][at(nb, "c-why")]["source"] = "YOUR ANSWER HERE"
        if merged:
            nb["cells"][at(nb, "ask-why")]["source"] += "\n\nIt grows."
        else:
            nb["cells"].append(cell("markdown", "It grows.", "new"))
        assert answer(repaired(nb).notebook, "why") == "It grows."


def test_lines_that_were_left_of_a_choice_stay_beside_a_note_in_a_new_cell():
    source, nb = copy.deepcopy(SOURCE), submission()
    source.cells[at(source, "c-why")].metadata.nbgrader["checksum"] = "of a cell that nbgrader has cleared"
    source.cells[at(source, "c-why")].source = "Delete what is wrong:\n- linear\n- cubic"
    nb["cells"][at(nb, "c-why")]["source"] = "- cubic"
    nb["cells"].append(cell("markdown", "It grows.", "new"))
    assert answer(repair(as_bytes(nb), source, "boxes").notebook, "why") == "- cubic\n\nIt grows."


def test_an_answer_for_a_reader_is_found_whatever_it_defines():
    """The reference defines a name; another answer need not, and a reader decides."""
    source, nb = copy.deepcopy(SOURCE), submission()
    nb["cells"][at(nb, "c-Box")] = cell("code", "print(double(2))", "free")
    assert answer(repaired(nb).notebook, "Box") == ""
    source.cells[at(source, "c-Box")].metadata.nbgrader.update(grade=True, points=2)
    assert answer(repair(as_bytes(nb), source, "boxes").notebook, "Box") == "print(double(2))"
