"""Both passes through a graph, in words and pictures that a scrubber takes."""

import numpy as np

from cs231nlib.graph import leaf, maximum, passes, tanh, trace
from cs231nlib.interact import scrub


def test_each_step_prints_its_arithmetic():
    f = trace("q = x + y; f = q * z", x=-2, y=5, z=-4)
    q, z = f.parents
    x, y = q.parents
    for node, grad in ((f, 1.0), (q, -4.0), (z, 3.0), (x, -4.0), (y, -4.0)):
        node.grad = grad
    shown = passes([x, y, q, z, f])
    assert shown["labels"] == ["forward"] * 5 + ["backward"] * 5 and len(shown["frames"]) == 10
    assert shown["captions"][2] == "q = x + y = (−2) + 5 = 3"
    assert shown["captions"][5].startswith("f.grad = 1, the output's own gradient. q.grad += 1 × (−4)")
    assert shown["captions"][7] == "q.grad = −4, complete. x.grad += (−4) × 1; y.grad += (−4) × 1"
    assert "q.grad = −4, complete" in scrub(**shown).html


def test_plain_numbers_have_no_step_and_no_share():
    f = trace("s = g ** 2; f = -s", g=3)
    s = f.parents[0]
    captions = passes([*s.parents, s, f])["captions"]
    assert len(captions) == 6 and captions[1] == "s = g ^ 2 = 3 ^ 2 = 9"
    assert captions[2] == "f = −s = −9 = −9" and "2.grad" not in " ".join(captions)


def test_tanh_and_maximum_take_nodes_and_arrays():
    node = maximum(0.0, 1 - tanh(leaf(0.5)))
    assert node.op == "max" and node.value == 1 - np.tanh(0.5)
    assert tanh(np.array([0.5]))[0] == np.tanh(0.5) and maximum(np.array([-1.0]), 0.0)[0] == 0
