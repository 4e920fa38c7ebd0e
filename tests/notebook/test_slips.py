"""The right answer with one small change: what it becomes, and what is asked."""

from types import SimpleNamespace

import numpy as np
import pytest

from grader.notebook.slips import slips

ANSWER = """
def f(x, y, h=1e-5):
    total = 0
    for one in x:
        if one > 0:
            total += one * y - np.sqrt(y)
    return total, (x + h).mean(axis=0)
"""
GRID = """
def f(x, y):
    total = 0
    for i in range(3):
        for j in range(2):
            total += x[i, j] * y.value - y.grad * x.T[j, 0]
    return total, 0
"""
CALL = """
def step(a, b):
    return a - 2 * b

def f(x, y):
    return step(x["W1"], y) + x["b1"], 0
"""
X, Y = np.array([1.0, -2.0, 3.0]), 4.0
SQUARES, NODE = np.arange(1.0, 10).reshape(3, 3) ** 2, SimpleNamespace(value=2.0, grad=5.0)
TOLD_OF_GRID = {
    "another attribute": (5 * SQUARES[:, :2].sum() - 15 * SQUARES[0, :2].sum(), "`.grad` stands once where"),
    "one index": (-9 * SQUARES[0, :2].sum(), "stands still, at the first place, while `i`"),
    "all the loops": (2 * SQUARES[:2, 0].sum() - 10 * SQUARES[0, 0], "one place off"),
    "the first number": (-3 * SQUARES[0, 0], "ends after its first round"),
    "a reshape": (2 * SQUARES[:, :2].sum() - 15 * SQUARES[:2, 0].sum(), "`reshape` stands for a transpose"),
    "rows and columns": (
        2 * SQUARES[:2].sum() - 15 * SQUARES[0, :2].sum(),
        "axes of `x` have changed places",
    ),
}
TOLD = {
    "a sign": ((1 + 3) * Y + 2 * 2, "one sign is turned"),
    "a term": ((1 + 3) * Y, "one term of a sum is left out"),
    "a factor": (1 + 3 - 2 * 2, "`y` is left out"),
    "a root": ((1 + 3) * Y - 2 * 4, "not applied: a root"),
    "a comparison": (-2 * Y - 2, "comparison is turned round"),
    "the last round alone": (3 * Y - 2, "replaces what the rounds before"),
    "the first round alone": (1 * Y - 2, "loop ends after its first round"),
    "no case": ((1 - 2 + 3) * Y - 3 * 2, "one of two cases is always taken"),
}


def told(number, answer=ANSWER, x=X, y=Y) -> list[str]:
    """What is asked where the first result is this number."""
    asked = []
    for slip in slips(answer):
        names = {"np": np}
        exec(slip.answer, names)
        try:
            with np.errstate(all="ignore"):
                first, _ = names["f"](x, y)
        except Exception:
            continue
        if isinstance(first, float) and abs(first - number) < 1e-9:
            asked.append(slip.hint)
    return asked


@pytest.mark.parametrize("what", TOLD)
def test_a_slip_gives_its_number_and_tells_what_it_is(what):
    number, words = TOLD[what]
    assert any(words in hint for hint in told(number)), told(number)


@pytest.mark.parametrize("what", TOLD_OF_GRID)
def test_so_does_a_slip_in_indices_and_attributes(what):
    number, words = TOLD_OF_GRID[what]
    asked = told(number, GRID, SQUARES, NODE)
    assert any(words in hint for hint in asked), asked


def test_what_is_right_or_two_changes_away_is_no_slip_of_the_formula():
    assert told((1 + 3) * Y * 7) == []
    assert list(slips("def f(:")) == []


def test_a_tiny_step_is_not_left_out():
    assert not any("`h` is left out" in slip.hint for slip in slips(ANSWER))


@pytest.mark.parametrize(("number", "words"), [(7.5, "two arguments of one call"), (17.0, "wrong key")])
def test_arguments_and_keys_may_change_places(number, words):
    asked = told(number, CALL, {"W1": 3.0, "b1": 11.0}, 2.5)
    assert any(words in hint for hint in asked), asked


COUNT = """
def f(x, y):
    total = 0.0
    for i in range(1, y + 1):
        total += x[i - 1]
    return total, 0
"""


def test_what_a_range_lacks_is_a_place_and_no_term_of_the_formula():
    asked = told(3.0, COUNT, [1.0, 2.0, 4.0], 3)
    assert "one place off" in asked[0], asked
    assert not any("one term of a sum" in hint for hint in asked), asked
