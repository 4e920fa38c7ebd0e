"""Which text of a student's answers which question, wherever in the notebook it was written."""

import copy

import damaged
import pytest
from damaged import ANSWERS, SOURCE, answer, as_bytes, at, cell, mark, points, solution, stub, submission
from nbformat import from_dict
from told_repairs import ALL, repaired, told

from grader.repair.repair import repair


def test_unmarked_answers_that_define_the_same_names_are_told_apart_by_their_place():
    source, nb = copy.deepcopy(SOURCE), submission()
    for name, value in (("double", 1), ("Box", 2)):
        source.cells[at(SOURCE, f"c-{name}")].source = "model = None\n### BEGIN SOLUTION\n### END SOLUTION"
        nb["cells"][at(nb, f"c-{name}")] |= {"source": f"model = {value}", "metadata": {}, "id": f"x{value}"}
    for gone, expected in ((None, ("model = 1", "model = 2")), ("x1", ("", "model = 2"))):
        nb["cells"] = [c for c in nb["cells"] if c["id"] != gone]
        result = repair(as_bytes(nb), source, "boxes").notebook
        assert (answer(result, "double"), answer(result, "Box")) == expected


def test_of_two_different_answers_the_last_in_place_counts_and_the_other_is_kept():
    nb = submission()
    here = at(nb, "c-double")
    first = cell("code", "def double(x):\n    return 0", "d1", mark("double", solution=True))
    nb["cells"].insert(here, first)
    nb["cells"].append(cell("code", "def double(x):\n    return 7", "d2", mark("double", solution=True)))
    result = repaired(nb)
    assert answer(result.notebook, "double") == ANSWERS["double"]
    assert "def double(x):\n    return 0" in [c.source for c in result.notebook.cells]
    assert told(result)[0][1].startswith("There were 3 different cells for the answer double")


def test_an_empty_copy_below_the_answer_does_not_replace_it():
    nb = submission()
    here = at(nb, "c-double")
    nb["cells"].insert(here + 1, cell("code", stub("double"), "d1", mark("double", solution=True)))
    result = repaired(nb)
    assert points(result.notebook) == ALL
    assert told(result) == [("double", "The answer double stood in 2 cells; one was kept.")]


def test_a_name_set_to_none_is_no_answer_but_to_a_value_is():
    for mine, expected in (
        ("double = None  # see above", ANSWERS["double"]),
        ("double = len", "double = len"),
    ):
        nb = submission()
        nb["cells"][at(nb, "c-double")]["source"] = mine
        nb["cells"].insert(0, cell("code", ANSWERS["double"], "new"))
        assert answer(repaired(nb).notebook, "double") == expected


def test_decorated_functions_are_kept_whole_when_merged_answers_are_told_apart():
    nb = submission()
    nb["cells"][at(nb, "c-double")]["source"] += "\n\n@staticmethod\n" + ANSWERS["shout"]
    nb["cells"].pop(at(nb, "c-shout"))
    result = repaired(nb).notebook
    assert (
        answer(result, "double")
        == ANSWERS["double"] + "\n\n@staticmethod\ndef _loud(s):\n    return s.upper()\n"
    )
    assert "def shout" in answer(result, "shout")


def test_an_untouched_text_answer_stays_empty():
    nb = submission()
    nb["cells"][at(nb, "c-why")]["source"] = "YOUR ANSWER HERE"
    assert repaired(nb).unanswered == ("why",)


def test_all_code_merged_into_one_cell_is_told_apart_again():
    nb = submission()
    first = nb["cells"][at(nb, "c-double")]
    for cell_id in ("t-double", "c-shout", "t-shout", "c-Box", "t-Box"):
        first["source"] += "\n\n" + nb["cells"].pop(at(nb, cell_id))["source"]
    result = repaired(nb)
    assert points(result.notebook) == ALL
    assert "class Box" in answer(result.notebook, "Box")
    assert answer(result.notebook, "double") == ANSWERS["double"]


def test_a_solution_over_several_cells_runs_in_the_students_order():
    nb = submission()
    here = at(nb, "c-shout")
    helper, main = ANSWERS["shout"].split("\n\n")
    nb["cells"][here]["source"] = main
    nb["cells"].insert(here, cell("code", helper, "helper"))
    result = repaired(nb)
    assert (result.repairs, points(result.notebook)) == ((), ALL)


def test_an_answer_moved_away_takes_its_helper_along():
    nb = submission()
    helper, main = ANSWERS["shout"].split("\n\n")
    moved = nb["cells"].pop(at(nb, "c-shout"))
    nb["cells"] += [cell("code", helper, "helper"), moved | {"source": main}]
    assert points(repaired(nb).notebook) == ALL


@pytest.mark.parametrize("metadata", [mark("double", solution=True), {}], ids=["marked", "unmarked"])
def test_an_answer_split_inside_a_function_is_joined(metadata):
    nb = submission()
    here = at(nb, "c-double")
    first, second = ANSWERS["double"].rsplit("\n", 1)
    nb["cells"][here]["source"] = first
    nb["cells"].insert(here + 1, cell("code", second, "half", metadata))
    assert points(repaired(nb).notebook) == ALL


@pytest.mark.parametrize(
    "own", [" double(3)", "    x = 3\n    double(x)"], ids=["out of line", "after a return"]
)
def test_an_indented_cell_of_ones_own_below_an_answer_is_not_joined(own):
    """A notebook runs it as it stands."""
    nb = submission()
    nb["cells"].insert(at(nb, "c-double") + 1, cell("code", own, "indented"))
    result = repaired(nb)
    assert answer(result.notebook, "double") == ANSWERS["double"]
    assert own in [c.source for c in result.notebook.cells]


def test_pictures_in_answers_stay_and_anything_else_attached_goes():
    nb = submission()
    why = nb["cells"][at(nb, "c-why")]
    why["attachments"] = {
        "a.png": {"image/png": "iVBOR"},
        "b.svg": {"image/svg+xml": "<svg onload=x>"},
        "c": 3,
    }
    kept = next(c for c in repaired(nb).notebook.cells if c.source == damaged.WHY)
    assert kept.attachments == {"a.png": {"image/png": "iVBOR"}}


TEMPLATE = "Complete this:\n```python\nclass Box:\n    # STUDENT Box\n    def __init__(self, size):\n```"


def with_template():
    """The key and a submission whose Markdown cell shows lines that the right answer holds, too."""
    key, nb = copy.deepcopy(SOURCE), submission()
    key.cells[at(key, "intro")].source = TEMPLATE
    nb["cells"][at(nb, "intro")]["source"] = TEMPLATE
    return key, nb


def test_an_answer_keeps_lines_that_stand_in_a_text_cell_too():
    key, nb = with_template()
    result = repair(as_bytes(nb), key, "boxes")
    assert (result.repairs, answer(result.notebook, "Box")) == ((), ANSWERS["Box"])
    assert points(result.notebook) == ALL


def test_an_answer_keeps_single_lines_of_a_text_cell_that_is_gone():
    key, nb = with_template()
    del nb["cells"][at(nb, "intro")]
    result = repair(as_bytes(nb), key, "boxes")
    assert answer(result.notebook, "Box") == ANSWERS["Box"]


def test_the_whole_text_of_a_cell_that_is_gone_leaves_the_answer():
    key, nb = with_template()
    text = nb["cells"].pop(at(nb, "intro"))["source"]
    box = nb["cells"][at(nb, "c-Box")]
    box["source"] = f"{text}\n\n{box['source']}"
    result = repair(as_bytes(nb), key, "boxes")
    assert answer(result.notebook, "Box") == ANSWERS["Box"]
    assert points(result.notebook) == ALL


UNIT = "def unit():\n    return 1\n\n"


def asked_again(*own):
    """The repair of a submission that leaves the last question, Box again, blank; `own` cells follow Box."""
    key, nb = copy.deepcopy(SOURCE), submission()
    key.cells[at(key, "c-Box")].source = UNIT + key.cells[at(key, "c-Box")].source
    nb["cells"][at(nb, "c-Box")]["source"] = UNIT + ANSWERS["Box"]
    behind = at(nb, "c-Box") + 1
    nb["cells"][behind:behind] = own
    again = mark("again", solution=True)
    key.cells.append(from_dict(cell("code", solution("Box"), "again", again)))
    nb["cells"].append(cell("code", stub("Box"), "again", again))
    return repair(as_bytes(nb), key, "boxes")


def test_an_answer_stays_where_a_later_question_asks_for_its_name_again():
    result = asked_again()
    assert (result.repairs, answer(result.notebook, "Box")) == ((), UNIT + ANSWERS["Box"])
    assert points(result.notebook) == ALL


def test_a_trial_of_an_earlier_question_is_no_answer_to_a_later_one():
    result = asked_again(cell("code", ANSWERS["Box"], "mine"))
    assert (result.repairs, answer(result.notebook, "again")) == ((), stub("Box"))


@pytest.mark.parametrize("change", ["", "scale = 12\nscale"])
def test_an_answer_that_reads_as_a_cell_of_the_instructors_stays_an_answer(change):
    """What the question asks for stands further down again, there as the instructor's; edited, or not."""
    source, nb = copy.deepcopy(SOURCE), submission()
    source.cells.append(source.cells.pop(at(SOURCE, "demo")))
    nb["cells"].append(nb["cells"].pop(at(nb, "demo")))
    text = nb["cells"][-1]["source"]
    nb["cells"][at(nb, "c-double")]["source"] = text
    nb["cells"][-1]["source"] = change or text
    assert answer(repair(as_bytes(nb), source, "boxes").notebook, "double") == text
