"""What repair puts right, one damage at a time; each beside a near miss that needs no repair."""

import copy
import json
import re

import damaged
import nbformat
import pytest
from damaged import ANSWERS, SOURCE, answer, as_bytes, at, cell, mark, points, solution, stub, submission
from nbformat import from_dict
from nbgrader.nbgraderformat import MetadataValidator

from grader.repair.reading import MAX_CELLS, read_notebook
from grader.repair.repair import check_only, repair
from grader.repair.rescue import CONFLICT, CUT_OFF, TRAILING

ALL = {"test_double": True, "test_shout": True, "test_Box": True}


def repaired(nb):
    return repair(nb if isinstance(nb, bytes) else as_bytes(nb), SOURCE, "boxes")


def told(result):
    return [(entry.grade_id, entry.what) for entry in result.repairs]


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


# --- formats and editors


def older(minor):
    nb = submission() | {"nbformat_minor": minor}
    for made in nb["cells"]:
        made.pop("id")
        made["source"] = made["source"].splitlines(keepends=True)
    return nb


def format_3():
    cells = [dict(c) for c in submission()["cells"]]
    for made in cells:
        made.pop("id")
        if made["cell_type"] == "code":
            made.pop("execution_count")
            made |= {"input": made.pop("source"), "language": "python", "collapsed": False}
    heading = {"cell_type": "heading", "level": 2, "source": "My title", "metadata": {}}
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [heading, *cells]}]}


def colab():
    nb = older(0)
    nb["metadata"] = {"colab": {"provenance": []}, "accelerator": "GPU"}
    for n, made in enumerate(nb["cells"]):
        made["metadata"] |= {"id": f"aBc{n}", "outputId": "x", "colab": {"base_uri": "https://localhost/"}}
    return nb


def kaggle():
    """Kaggle keeps nothing of nbgrader's metadata."""
    nb = older(4)
    for made in nb["cells"]:
        made["metadata"] = {"_uuid": "1f", "trusted": True, "execution": {"iopub.status.busy": "2026"}}
    return nb


def vs_code():
    nb = submission()
    nb["metadata"] = {"vscode": {"interpreter": {"hash": "31f2"}}, "orig_nbformat": 4}
    for made in nb["cells"]:
        made["metadata"]["vscode"] = {"languageId": "python"}
    return nb


def contents_api():
    return {"type": "notebook", "format": "json", "content": submission()}


@pytest.mark.parametrize(
    "nb",
    [
        pytest.param(older(0), id="4.0"),
        pytest.param(older(3), id="4.3"),
        pytest.param(format_3(), id="3"),
        pytest.param(colab(), id="colab"),
        pytest.param(vs_code(), id="vscode"),
        pytest.param(contents_api(), id="contents"),
        pytest.param(submission() | {"nbformat": 5}, id="5"),
        pytest.param(submission() | {"nbformat_minor": 99, "future": {"x": 1}}, id="4.99"),
        pytest.param(submission() | {"metadata": None}, id="no metadata"),
    ],
)
def test_any_format_is_read_without_a_word(nb):
    result = repaired(nb)
    assert (result.repairs, points(result.notebook)) == ((), ALL)
    assert answer(result.notebook, "why") == damaged.WHY


def test_a_heading_of_format_3_stays_a_heading():
    assert "# My title" in [c.source for c in repaired(format_3()).notebook.cells]


def test_a_notebook_without_any_marks_is_recognised_cell_by_cell():
    result = repaired(kaggle())
    assert points(result.notebook) == ALL
    assert answer(result.notebook, "why") == damaged.WHY
    assert {entry.grade_id for entry in result.repairs} >= {"double", "shout", "Box", "test_Box"}


# --- bytes


GOOD = as_bytes(submission())


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (b"\xef\xbb\xbf" + GOOD, None),
        (GOOD.replace(b"\n", b"\r\n"), None),
        (GOOD.decode().encode("utf-16"), "The file was saved as UTF-16, not UTF-8."),
        (GOOD.decode().encode("utf-16-be"), "The file was saved as UTF-16-BE, not UTF-8."),
        (GOOD.decode().encode("utf-32"), "The file was saved as UTF-32, not UTF-8."),
        (GOOD + b"\n</body></html>", TRAILING),
        (b"junk before " + GOOD, TRAILING),
        (GOOD[:-40], CUT_OFF),
        (GOOD.replace(b'"nbformat": 4', b'"nbformat": NaN, "x": -Infinity'), None),
        (GOOD.replace(b'"nbformat": 4', b'"nbformat": ' + b"9" * 9000), None),
        (GOOD.replace(b'"metadata": {}', b'"metadata": {},', 1), CUT_OFF),
    ],
    ids=["bom", "crlf", "utf16", "utf16be", "utf32", "trailing", "leading", "cut", "nan", "bigint", "comma"],
)
def test_a_damaged_file_is_read_and_the_damage_told(data, note):
    result = repaired(data)
    assert points(result.notebook) == ALL
    assert ("", note) in told(result) if note else not result.repairs


def test_latin_1_keeps_its_letters_and_so_does_utf_8():
    nb = submission()
    nb["cells"][at(nb, "own-2")]["source"] = "Größe é ü ß"
    for encoding in ("latin-1", "utf-8"):
        texts = [c.source for c in repaired(as_bytes(nb).decode().encode(encoding)).notebook.cells]
        assert "Größe é ü ß" in texts


def test_one_broken_character_does_not_turn_utf_8_into_latin_1():
    nb = submission()
    nb["cells"][at(nb, "own-2")]["source"] = "Größe @"
    texts = [c.source for c in repaired(as_bytes(nb).replace(b"@", b"\xc3")).notebook.cells]
    assert "Größe \ufffd" in texts


def test_an_answer_cut_in_the_middle_is_kept_as_far_as_it_goes():
    cut = GOOD.index(b"return self.size ** 3")
    result = repaired(GOOD[:cut])
    assert answer(result.notebook, "Box").endswith("def volume(self):\n        ")
    assert points(result.notebook) == ALL | {"test_Box": False}


def test_both_sides_of_a_git_conflict_are_read_and_the_first_counts():
    ours, theirs = '"return 1"', '"return 2"'
    conflict = f"<<<<<<< HEAD\n{ours}\n=======\n{theirs}\n>>>>>>> other\n"
    nb = submission()
    nb["cells"][at(nb, "c-double")]["source"] = ["def double(x):\n", "    ", "@@"]
    data = re.sub(r' *"@@"\n', lambda _: conflict, as_bytes(nb).decode()).encode()
    result = repaired(data)
    assert answer(result.notebook, "double") == "def double(x):\n    return 1"
    assert "def double(x):\n    return 2" in [c.source for c in result.notebook.cells]
    assert told(result)[0] == ("", CONFLICT)


def test_conflict_markers_inside_an_answer_are_settled_too():
    nb = submission()
    mine = "def double(x):\n<<<<<<< HEAD\n    return 2 * x\n=======\n    return 3 * x\n>>>>>>> b\n"
    nb["cells"][at(nb, "c-double")]["source"] = mine
    assert points(repaired(nb).notebook) == ALL


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"\0" * 5000, "empty"),
        (b"[" * 80_000, "damaged"),
        (b'{"cells": ' * 40_000, "damaged"),
        (b"[1, 2, 3]", "none of its cells"),
        (b"{}", "not a notebook"),
        (b'{"cells": [1, "a", null, {"cell_type": "code"}]}', "none of its cells"),
        (b'{"cells": []}', "none of its cells"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"PK\x03\x04rest", "zip archive"),
        (b"%PDF-1.4", "PDF"),
        (b"import numpy as np", "not a notebook"),
        (b"[" + b"[]," * 5_000_001, "far more parts"),
        (b'{"cells": [{"cell_type": "code", "source": "print(1)"}]}', "nothing of the assignment"),
    ],
)
def test_what_cannot_be_read_says_why_in_one_line(data, reason):
    result = repaired(data)
    assert result.notebook is None
    assert reason in result.reason
    assert told(result) == [("", result.reason)]


def test_a_deeply_nested_output_costs_no_cell():
    data = GOOD.replace(b'"outputs": []', b'"outputs": ' + b"[" * 40_000 + b"]" * 40_000, 1)
    assert points(repaired(data).notebook) == ALL


def test_a_million_cells_are_bounded_and_the_first_ones_graded():
    nb = submission()
    nb["cells"] += [cell("code", "1", "x")] * (MAX_CELLS + 5)
    result = repaired(nb)
    assert points(result.notebook) == ALL
    assert "only the first" in told(result)[0][1]
    assert len(result.notebook.cells) <= MAX_CELLS


# --- ids, marks and cells


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


def test_unmarked_answers_that_define_the_same_names_are_told_apart_by_their_place():
    source, nb = copy.deepcopy(SOURCE), submission()
    for name, value in (("double", 1), ("Box", 2)):
        source.cells[at(SOURCE, f"c-{name}")].source = "model = None\n### BEGIN SOLUTION\n### END SOLUTION"
        nb["cells"][at(nb, f"c-{name}")] |= {"source": f"model = {value}", "metadata": {}, "id": f"x{value}"}
    for gone, expected in ((None, ("model = 1", "model = 2")), ("x1", ("", "model = 2"))):
        nb["cells"] = [c for c in nb["cells"] if c["id"] != gone]
        result = repair(as_bytes(nb), source, "boxes").notebook
        assert (answer(result, "double"), answer(result, "Box")) == expected


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


def test_a_written_answer_in_a_new_cell_or_under_the_question_is_found():
    for merged in (False, True):
        nb = submission()
        nb["cells"][at(nb, "c-why")]["source"] = "YOUR ANSWER HERE"
        if merged:
            nb["cells"][at(nb, "ask-why")]["source"] += "\n\nIt grows."
        else:
            nb["cells"].append(cell("markdown", "It grows.", "new"))
        assert answer(repaired(nb).notebook, "why") == "It grows."


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


def test_half_a_surrogate_pair_and_nul_can_be_saved_again():
    data = GOOD.replace(b"STUDENT note", b"note \\ud800 \\u0000")
    assert "\\u0000" not in nbformat.writes(repaired(data).notebook).encode().decode()


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


def test_a_truncated_file_of_hostile_quotes_takes_work_in_proportion():
    for data in (b'{"cells": [{"source": "' + b'\\"' * 500_000, b'{ "' * 300_000, b'{"a":1,' * 100_000):
        assert read_notebook(data).reason


def test_json_is_not_reformatted_by_the_way_it_is_written():
    compact = json.dumps(submission(), separators=(",", ":")).encode()
    assert repaired(compact).notebook == repaired(submission()).notebook


# --- an answer that repeats the text around it

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


# --- a name that two questions ask for

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
