"""Submissions damaged at random: nothing raises, nothing is lost, what was not damaged keeps its points."""

import copy
import json

import damaged
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from grader.repair.assignment_cell import assignment_cells
from grader.repair.file_text import MAX_BYTES
from grader.repair.reading import MAX_TEXT, MAX_TEXTS, read_notebook
from grader.repair.repair import repair

GOOD = damaged.submission()
ANSWER_IDS = {f"c-{name}": name for name in damaged.ANSWERS}
FAST = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def drop(nb, i, j):
    return hurt(nb["cells"].pop(i))


def duplicate(nb, i, j):
    nb["cells"].insert(j, copy.deepcopy(nb["cells"][i]))
    return set()


def move(nb, i, j):
    nb["cells"].insert(j, nb["cells"].pop(i))
    return set()


def split(nb, i, j):
    """As JupyterLab does: both halves carry the metadata."""
    rows = nb["cells"][i]["source"].split("\n")
    first, second = (copy.deepcopy(nb["cells"][i]) for _ in range(2))
    first["source"], second["source"] = "\n".join(rows[: j % len(rows)]), "\n".join(rows[j % len(rows) :])
    second["id"] += "-half"
    nb["cells"][i : i + 1] = [first, second]
    return set()


def merge(nb, i, j):
    """As JupyterLab does: the first cell's type and metadata."""
    if i + 1 == len(nb["cells"]):
        return set()
    first, second = nb["cells"][i], nb["cells"].pop(i + 1)
    both = first["source"] + second["source"]
    prose = "STUDENT note" in both or "STUDENT why" in both  # among code nobody can tell it apart
    first["source"] += "\n\n" + second["source"]
    return hurt(first) if prose else set()


def retype(nb, i, j):
    nb["cells"][i]["cell_type"] = ("code", "markdown", "raw")[j % 3]
    return set()


def unmark(nb, i, j):
    nb["cells"][i]["metadata"] = ({}, {"nbgrader": {}}, {"nbgrader": [1]}, {"nbgrader": {"grade_id": 3}})[
        j % 4
    ]
    return set()


def rename(nb, i, j):
    nb["cells"][i]["id"] = f"id-{i}-{j}"
    return set()


def hurt(cell):
    """The answers that are in a cell, wholly or in part."""
    lines = set(cell["source"].split("\n"))
    return {name for name, text in damaged.ANSWERS.items() if lines & (set(text.split("\n")) - {""})}


DAMAGES = st.sampled_from([drop, duplicate, move, split, merge, retype, unmark, rename])
INDEX = st.integers(0, 99)


@FAST
@given(st.lists(st.tuples(DAMAGES, INDEX, INDEX), min_size=1, max_size=1))
def test_one_damage_costs_no_points_but_its_own(plan):
    check(plan)


@FAST
@given(st.lists(st.tuples(DAMAGES, INDEX, INDEX), max_size=4))
@example([(merge, 3, 0), (duplicate, 3, 0)])  # a question and its answer in one cell, twice
@example([(split, 3, 1), (merge, 4, 0)])  # half a question and the answer in one cell
def test_an_undamaged_answer_keeps_its_points(plan):
    check(plan)


def check(plan):
    nb, lost = copy.deepcopy(GOOD), set()
    for damage, i, j in plan:
        if nb["cells"]:
            i, j = i % len(nb["cells"]), j % len(nb["cells"])
            lost |= hurt(nb["cells"][i]) if damage is split and len(plan) > 1 else set()
            lost |= damage(nb, i, j)
    repaired = repair(damaged.as_bytes(nb), damaged.SOURCE, "boxes")
    if repaired.notebook is None:
        assert lost == set(damaged.ANSWERS)
        return
    passed = damaged.points(repaired.notebook)
    assert {name for name in damaged.ANSWERS if not passed[f"test_{name}"]} <= lost, repaired.repairs
    is_whole(repaired.notebook)


def is_whole(nb):
    """The instructor's cells are there, in order, word for word, with the instructor's marks only."""
    wanted = [
        (a.grade_id, a.kind, None if a.is_answer else a.node.source) for a in assignment_cells(damaged.SOURCE)
    ]
    got = iter(
        [(c.metadata.get("nbgrader", {}).get("grade_id", ""), c.cell_type, c.source) for c in nb.cells]
    )
    for grade_id, kind, source in wanted:
        assert any(i == grade_id and k == kind and source in (None, s) for i, k, s in got), (grade_id, source)
    marked = [c.metadata.nbgrader.grade_id for c in nb.cells if "nbgrader" in c.metadata]
    assert marked == [grade_id for grade_id, _, _ in wanted if grade_id]
    assert len({c.id for c in nb.cells}) == len(nb.cells)


@FAST
@given(st.integers(0, 10_000), st.binary(max_size=30))
def test_a_cut_file_keeps_what_came_before_the_cut(where, rubbish):
    data = damaged.as_bytes(GOOD)
    where %= len(data)
    repaired = repair(data[:where] + rubbish, damaged.SOURCE, "boxes")
    if repaired.notebook is None:
        assert repaired.reason and b"STUDENT double" not in data[:where]
        return
    passed = damaged.points(repaired.notebook)
    ends = {name: data.find(json.dumps(damaged.ANSWERS[name]).encode()) for name in damaged.ANSWERS}
    for name, start in ends.items():
        if start + len(json.dumps(damaged.ANSWERS[name])) + 100 < where:
            assert passed[f"test_{name}"], (name, repaired.repairs)


@FAST
@given(st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)))
def test_any_bytes_are_read_or_refused_with_a_line(data):
    reading = read_notebook(data)
    assert bool(reading.cells) != bool(reading.reason)
    assert "\n" not in reading.reason


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["cells", "worksheets", "source", "cell_type", "metadata", "id"]), inner
        )
    ),
    max_leaves=20,
)


@FAST
@given(JSON)
def test_any_json_in_place_of_the_notebook_is_read_or_refused(value):
    repaired = repair(json.dumps(value).encode(), damaged.SOURCE, "boxes")
    assert (repaired.notebook is None) == bool(repaired.reason)


@FAST
@given(st.integers(0, 17), st.sampled_from(["source", "metadata", "cell_type", "id", "attachments"]), JSON)
def test_any_json_in_place_of_a_part_of_a_cell_leaves_the_others_alone(i, part, value):
    nb = copy.deepcopy(GOOD)
    lost = hurt(nb["cells"][i % len(nb["cells"])])
    nb["cells"][i % len(nb["cells"])][part] = value
    repaired = repair(json.dumps(nb).encode(), damaged.SOURCE, "boxes")
    passed = damaged.points(repaired.notebook)
    assert {name for name in damaged.ANSWERS if not passed[f"test_{name}"]} <= lost


def test_a_file_too_large_is_refused_before_it_is_parsed():
    assert "larger than" in read_notebook(b"{" + b" " * MAX_BYTES).reason


def test_a_notebook_longer_than_a_message_to_the_judge_is_cut():
    cells = [{"cell_type": "code", "source": "\u20ac" * MAX_TEXT} for _ in range(12)]
    reading = read_notebook(json.dumps({"cells": cells}, ensure_ascii=False).encode("utf-16"))
    assert sum(len(cell.source) for cell in reading.cells) == MAX_TEXTS
    assert any("only the first" in note for note in reading.notes)
