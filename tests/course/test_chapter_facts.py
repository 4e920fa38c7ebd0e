"""Chapters 00 to 02: is every number in their prose what their own code computes?

The cells of a chapter run in one namespace with the reference answers, without test cells and `keep`.
"""

import contextlib
import re
from functools import cache

import numpy as np
import pytest
from repository import ROOT

from cs231nlib.figures.slopes import fig_descent
from cs231nlib.selftest import codes
from grader.course.chapter import read_chapter


@cache
def told(name):
    """Prose and names of a chapter, read and run from top to bottom."""
    cells = read_chapter(ROOT / "course" / "chapters" / f"{name}.md").cells
    names = {}
    with contextlib.chdir(ROOT / "course"):
        for cell in cells:
            if cell.cell_type == "code" and cell.kind in ("plain", "solution"):
                run(cell.source, names)
    return "\n".join(cell.source for cell in cells if cell.cell_type == "markdown"), names


def run(source, names):
    source = re.sub(r"^(path = keep|iio\.imwrite|large = ).*$", "large = 0", source, flags=re.M)
    with contextlib.suppress(*[Exception] * ("go_on()" in source)):
        exec(compile(source, "cell", "exec"), names)


def stored_codes(name):
    source = (ROOT / "course" / "chapters" / f"{name}.md").read_text()
    return re.findall(r'"(\w{8})"', re.search(r"^selftest\(.*\)$", source, re.M)[0])


def test_the_drawing_net_is_as_large_as_the_text_says():
    prose, _ = told("00_toolbox")
    with np.load(ROOT / "cs231nlib" / "doodle_net.npz") as net:
        assert f"one layer of {net['b1'].size} hidden units" in prose
        assert f"{sum(array.size for array in map(net.get, net.files)):,} numbers" in prose
    drawings = re.search(r"DRAWINGS, .* = \d+, ([\d_]+)", (ROOT / "benchmarks" / "doodle_net.py").read_text())
    assert f"{int(drawings[1]):,} drawings" in prose


def test_the_self_test_of_00_stores_right_answers():
    a, box = np.arange(12).reshape(3, 4), np.zeros((5, 3, 32, 31))
    picked = a[a[:, 1] > 4]
    right = [picked.shape, (np.zeros((4, 1, 3)) + np.zeros((5, 1))).shape, box.transpose(0, 2, 3, 1).shape]
    assert stored_codes("00_toolbox") == codes("00", right)


def test_broadcasting_and_axes_are_as_the_captions_say():
    _, names = told("00_toolbox")
    table, others = names["table"], names["others"]
    assert (table + others[0]).shape == (table + others[1]).shape == (2, 3)
    with pytest.raises(ValueError, match="could not be broadcast"):
        table + others[2]
    assert table.mean(axis=1, keepdims=True).shape == (2, 1)
    balanced = names["white_balance"](names["evening"][None]).mean(axis=(1, 2))
    assert np.ptp(balanced) < 1e-9


def test_the_secant_settles_and_the_error_falls_as_the_text_says():
    _, names = told("01_gradients")
    assert (names["curve"](1 + 1e-5) - names["curve"](1)) / 1e-5 == pytest.approx(-0.25, abs=5e-5)
    error, hs = names["error"], 10.0 ** np.arange(-1, -15, -1)
    best = {kind: hs[np.argmin([error(h, kind) for h in hs])] for kind in ("forward", "central")}
    assert 1e-9 <= best["forward"] <= 1e-7 and 1e-6 <= best["central"] <= 1e-5
    assert error(1e-2, "forward") / error(1e-3, "forward") == pytest.approx(10, rel=0.05)
    assert error(1e-2, "central") / error(1e-3, "central") == pytest.approx(100, rel=0.05)


def test_descent_diverges_where_the_text_says_and_the_best_rate_is_the_stored_one():
    prose, names = told("01_gradients")
    loss, descend, start = names["loss"], names["descend"], np.array([4.0, -1.0])
    assert "about 0.63" in prose and 0.63 < 1 / np.mean(names["t"] ** 2) < 0.64
    ends = {rate: loss(path[-1]) for rate, path in zip(names["rates"], names["paths"], strict=True)}
    assert min(ends, key=ends.get) == 0.4 and ends[0.7] > 100 * loss(start)
    assert loss(descend(loss, start, 0.62, 400)[-1]) < 1 < loss(descend(loss, start, 0.65, 400)[-1])
    picture = fig_descent(loss, names["t"], names["y"], names["paths"][3], 0.4)
    assert f"Its loss is {ends[0.4]:.3g}" in picture.alt


def test_the_gradient_check_has_the_gap_that_the_text_promises():
    _, names = told("01_gradients")
    A, b, x, error = names["A"], names["b"], np.array([0.3, -1.0, 2.0, 0.7]), names["relative_error"]
    measured = names["numerical_gradient"](lambda v: v @ A @ v + b @ v, x)
    assert error(names["grad_quadratic"](A, b, x), measured) < 1e-9 < 1e-3 < error(2 * A @ x + b, measured)
    assert abs(3e-9 - 1e-9) / (3e-9 + 1e-9) == pytest.approx(0.5)
    assert names["derivative"](abs, 1e-6) == pytest.approx(0.1) and names["found"] == {"Ben", "Dov"}
    assert names["knobs"] == 1_707_274 and 50 < 2 * names["knobs"] / 60_000 < 60


def test_the_self_test_of_01_stores_right_answers():
    _, names = told("01_gradients")
    calls = []
    names["numerical_gradient"](lambda v: calls.append(1) or 0.0, np.zeros((3, 4)))
    slope = names["grad_product"](2, 10)[0]
    assert stored_codes("01_gradients") == codes("01", [slope, 10**2, len(calls)])


def paths_from(node, target):
    return 1 if node is target else sum(paths_from(parent, target) for parent in node.parents)


def test_the_staged_graph_has_three_paths_and_two():
    prose, names = told("02_chain_rule")
    graph = names["staged_graph"]
    inputs = {node.name: node for node in names["topological_order"](graph) if node.op == "input"}
    assert [paths_from(graph, inputs[name]) for name in "xy"] == [3, 2]
    assert "$x$ goes into three operations, $y$ into two" in prose


def test_the_orders_named_at_the_end_of_02_are_all_there_are():
    source = (ROOT / "course" / "chapters" / "02_chain_rule.md").read_text()
    named = re.search(r'"an order, inputs first": "(.*?)"', source)[1].split(" or ")
    parents = {"q": "xy", "r": "qx", "f": "qr"}

    def valid(order):
        return all(order.index(p) < order.index(child) for child, both in parents.items() for p in both)

    assert named == ["xyqrf", "yxqrf"] and all(map(valid, named)) and not valid("xyrqf")


def test_the_moons_are_learnt():
    prose, names = told("02_chain_rule")
    assert names["captions"][-1].endswith("accuracy 100%") and len(names["parameters"]) == 32
    assert float(names["captions"][0].split()[1].rstrip(",")) > 1 > names["loss"].value
    assert "40 points in two moons" in prose and len(names["X"]) == 40


def test_the_self_test_of_02_stores_right_answers():
    _, names = told("02_chain_rule")
    routed = names["trace"]("m = max(x, y); f = m * z", x=2, y=5, z=3)
    cube = names["trace"]("q = x * x; f = q * x", x=2)
    found = []
    for out in (routed, cube):
        names["backward"](out)
        found += [node.grad for node in names["topological_order"](out) if node.name == "x"]
    shape = names["matmul_backward"](np.ones((8, 7)), np.ones((8, 5)), np.ones((5, 7)))[1].shape
    assert stored_codes("02_chain_rule") == codes("02", [*found, shape])
