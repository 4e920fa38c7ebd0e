"""Reading a notebook's file: any format, any damage that leaves cells, and a reason where none are left."""

import json
import re

import damaged
import nbformat
import pytest
from damaged import answer, as_bytes, at, cell, points, submission
from told_repairs import ALL, GOOD, repaired, told

from grader.repair.reading import MAX_CELLS, read_notebook
from grader.repair.rescue import CONFLICT, CUT_OFF, TRAILING


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


def test_half_a_surrogate_pair_and_nul_can_be_saved_again():
    data = GOOD.replace(b"STUDENT note", b"note \\ud800 \\u0000")
    assert "\\u0000" not in nbformat.writes(repaired(data).notebook).encode().decode()


def test_a_truncated_file_of_hostile_quotes_takes_work_in_proportion():
    for data in (b'{"cells": [{"source": "' + b'\\"' * 500_000, b'{ "' * 300_000, b'{"a":1,' * 100_000):
        assert read_notebook(data).reason


def test_json_is_not_reformatted_by_the_way_it_is_written():
    compact = json.dumps(submission(), separators=(",", ":")).encode()
    assert repaired(compact).notebook == repaired(submission()).notebook
