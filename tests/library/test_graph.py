"""Does a graph hold the values and local gradients of its formula, and can it be drawn?"""

import math

import numpy as np
import pytest
from matplotlib.text import Text

from cs231nlib import look
from cs231nlib.graph import Node, apply, draw_graph, leaf, trace

FORMULAS = [
    "x + y",
    "x - y",
    "x * y",
    "x / y",
    "x ** y",
    "-x",
    "exp(x)",
    "log(x)",
    "tanh(x)",
    "max(x, y)",
    "2 * x",
]
PYTHON = {"exp": math.exp, "log": math.log, "tanh": math.tanh, "max": max}


def words(fig):
    return [text.get_text() for text in fig.findobj(Text) if text.get_text()]


@pytest.mark.parametrize("formula", [*FORMULAS, "(x*y + tanh(x)) / (1 + (x - y)**2)"])
def test_the_value_is_the_formulas(formula):
    node = trace(formula, x=1.7, y=0.6)
    assert node.value == pytest.approx(eval(formula, PYTHON, {"x": 1.7, "y": 0.6}), rel=1e-15)
    assert isinstance(node.value, float)


@pytest.mark.parametrize("formula", FORMULAS)
def test_local_gradients_are_the_slopes_of_the_operation(formula):
    node, h = trace(formula, x=1.7, y=0.6), 1e-6
    for i, parent in enumerate(node.parents):
        moved = [
            [p.value + (sign * h if k == i else 0) for k, p in enumerate(node.parents)] for sign in (1, -1)
        ]
        up, down = (apply(node.op, *values).value for values in moved)
        assert node.local_grads[i] == pytest.approx((up - down) / (2 * h), abs=1e-8), parent


def test_a_power_of_a_negative_number_has_a_slope_in_its_base():
    assert trace("x**2", x=-3.0).local_grads == (-6.0, 0.0)


def test_a_tie_of_max_goes_to_the_first():
    assert trace("max(x, y)", x=2, y=2).local_grads == (1.0, 0.0)


def test_names_on_the_way_name_their_nodes():
    f = trace("q = x + y; f = q * z", x=-2, y=5, z=-4)
    assert (f.name, f.value, f.parents[0].name, f.parents[0].value) == ("f", -12.0, "q", 3.0)
    assert [p.name for p in f.parents[0].parents] == ["x", "y"]


def test_the_same_input_is_one_node_and_plain_python_builds_the_same_graph():
    f, x = trace("x * x + 1", x=3), leaf(3, "x")
    same = x * x + 1
    assert f.parents[0].parents[0] is f.parents[0].parents[1]
    assert (same.op, same.value, same.parents[0].local_grads) == (f.op, f.value, f.parents[0].local_grads)
    assert [(2 - x).value, (1 / x).value, (-x).value, (x**2).value, (x / 2).value] == [-1, 1 / 3, -3, 9, 1.5]


def test_a_new_node_has_no_gradient_and_a_long_chain_can_be_printed():
    node = leaf(1.0, "x")
    for _ in range(3000):
        node = node + 1
    assert node.grad == 0.0 and len(repr(node)) < 80


@pytest.mark.parametrize(
    ("formula", "complaint"),
    [
        ("x + y", "no value for 'y'"),
        ("__import__('os').system('true')", "does not know"),
        ("x.real", "does not know"),
        ("import os", "reads formulas"),
        ("x = y = 2", "reads formulas"),
        ("x +", "not a formula"),
        ("exp(x, x)", "does not know"),
        ("", "no formula"),
    ],
)
def test_all_else_is_refused_with_a_sentence(formula, complaint):
    with pytest.raises(ValueError, match=complaint):
        trace(formula, x=1)


def test_the_picture_shows_each_number_once():
    f = trace("q = x + y; f = q * z", x=-2, y=5, z=-4)
    f.grad = 1.0
    assert sorted(words(draw_graph(f))) == sorted(
        ["$x$", "$y$", "$z$", "+", "×", "−2", "5", "−4", "q = 3", "f = −12", "0", "0", "0", "0", "1"]
    )
    assert "f = −12" not in words(draw_graph(f, show="grad"))
    q = f.parents[0]
    assert [w for w in words(draw_graph(f, values=[q], grads=[f])) if w[-1].isdigit()] == ["q = 3", "1"]


def test_the_same_graph_is_drawn_with_the_same_bytes_and_another_is_not():
    def drawn(x, **how):
        return look.png(draw_graph(trace("(x*y + tanh(x)) / (1 + (x - y)**2)", x=x, y=-0.5), **how))

    assert drawn(1.5) == drawn(1.5)
    assert len({drawn(1.5), drawn(1.6), drawn(1.5, show="value")}) == 3


def test_no_two_nodes_share_a_place_and_wires_run_to_the_right():
    f = trace("a = x*y; b = a + x; c = a*b; d = c + x*z; d / (a + z)", x=1, y=2, z=3)
    axes = draw_graph(f).axes[0]
    centres = [tuple(np.round(patch.center, 6)) for patch in axes.patches if hasattr(patch, "radius")]
    assert len(centres) == len(set(centres)) == 10
    wires = [p.get_path() for p in axes.patches if not hasattr(p, "radius")]
    assert len(wires) == 14 and all(len(wire.vertices) >= 4 for wire in wires)


def test_a_graph_too_big_for_a_picture_says_so():
    node = leaf(1.0)
    for _ in range(40):
        node = -node
    with pytest.raises(ValueError, match="41 nodes do not fit"):
        draw_graph(node)
    assert draw_graph(node.parents[0]) and isinstance(node, Node)


def test_the_graph_is_told_in_words():
    f = trace("q = x + y; f = -(q * 2)", x=1, y=-3)
    f.grad = 1.0
    told = draw_graph(f, values=[f, f.parents[0]], grads=[f]).alt
    assert told == "Computation graph: x; y; q = x + y; node 4 = q × 2 = −4; f = −node 4 = 4, gradient 1."
    assert "gradient" not in draw_graph(f, show="value").alt and "x = 1;" in draw_graph(f, show="value").alt
    assert (
        "x; node 2 = exp(x); y; node 4 = max(node 2, y)."
        in draw_graph(trace("max(exp(x), y)", x=1, y=2), show="grad", grads=[]).alt
    )
