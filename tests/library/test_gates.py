"""What the tests of chapter 03 say of gates that are wrong, and what they ask."""

import numpy as np
import pytest

from cs231nlib.expectations import Mistake
from cs231nlib.gates import check_gate, check_xor

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
NETS = {
    "two alike": (("00", "00", "10", "11"), "0011", "For the inputs [0. 0.] and [0. 1.]"),
    "two further apart alike": (("00", "01", "11", "01"), "0100", "For the inputs [0. 1.] and [1. 1.]"),
    "the inputs": (("00", "01", "10", "11"), "0111", "four different answers"),
    "turned": (("10", "11", "00", "01"), "0111", "four different answers"),
    "three neurons": (("000", "011", "101", "111"), "0111", "For [1. 1.] they say [1. 1. 1.]"),
    "out on": (("00", "10", "10", "11"), "0111", "For [1. 1.] they say [1. 1.], and the output is on"),
    "out off": (("00", "10", "10", "11"), "0000", "For [0. 1.] they say [1. 0.], and the output is off"),
}
GATES = {
    (0, 0): "the sum is b alone, here 0.5",
    (0, 1): "the sum is one weight and b",
    (1, 1): "the sum is both weights and b",
    (0.1, 0.9): "A little beside a corner, at (0.1, 0.9)",
}


def digits(text: str) -> np.ndarray:
    return np.array([float(digit) for digit in text])


@pytest.mark.parametrize("what", NETS)
def test_a_net_is_asked_about_the_layer_that_fails(what):
    hidden, out, asked = NETS[what]
    with pytest.raises(Mistake, match="Your net says") as error:
        check_xor(CORNERS, np.array([digits(row) for row in hidden]), digits(out))
    assert asked in error.value.ask


def test_a_net_that_is_right_or_of_another_shape_is_asked_nothing():
    h = np.array([digits(row) for row in ("01", "11", "11", "10")])
    check_xor(CORNERS, h, digits("0110"))
    with pytest.raises(Mistake) as error:
        check_xor(CORNERS, h, digits("01100110"))
    assert not error.value.ask


@pytest.mark.parametrize("x", GATES)
def test_a_neuron_is_asked_about_the_corner_where_it_fails(x):
    check_gate("AND", np.array(x), 0.5, 1)
    with pytest.raises(Mistake, match="so the neuron is on, but should be off") as error:
        check_gate("AND", np.array(x), 0.5, 0)
    assert GATES[x] in error.value.ask
