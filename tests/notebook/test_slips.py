"""The right answer with one small change: what it becomes, and what is asked."""

from itertools import islice
from types import SimpleNamespace

import numpy as np
import pytest

from grader.notebook.slip_evidence import recognise_slip, row_mark
from grader.notebook.slips import pairs, slips

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


MEAN = """
def f(x, y, g=np.sqrt):
    cut = np.clip(x, -1, 2)
    return np.mean(g(cut + y) * cut), 0
"""
MEAN_OF = np.array([3.0, -1.0, 0.5])


def mean(g=lambda one: np.sqrt(one + Y) * one, low=-1, high=2, of=np.mean):
    return float(of(g(np.clip(MEAN_OF, low, high))))


KINDS = {
    "a function too early": (mean(lambda one: (one + np.sqrt(Y)) * one), "applied too early"),
    "a limit": (mean(high=9), "limit on one side alone"),
    "another one": (mean(of=np.median), "`median` stands at one place for `mean`"),
    "a factor twice": (mean(lambda one: np.sqrt(one + Y) * one * one), "comes in twice"),
    "a term twice": (mean(lambda one: np.sqrt(one + 2 * Y) * one), "one term counts twice"),
    "a square": (mean(lambda one: np.sqrt(one + Y**2) * one), "`y` is squared"),
    "the last result": (-mean(), "other sign"),
    "a length": (mean() / 3, "the length of `x`"),
}


@pytest.mark.parametrize("what", KINDS)
def test_another_function_order_or_count_is_told(what):
    number, words = KINDS[what]
    asked = told(number, MEAN, MEAN_OF)
    assert any(words in hint for hint in asked), asked


LOOPS = """
def f(x, y):
    total = 0.0
    for i in range(3):
        step = y * x[i]
        total = total + step
    return total, 0
"""


def test_what_a_loop_should_gather_may_start_anew_in_each_round():
    assert any("starts anew in each round" in hint for hint in told(Y * X[-1], LOOPS))


def test_two_slips_are_told_together_and_one_kind_twice():
    both = [(slip.hint, other) for slip, other in islice(pairs(ANSWER, 20), 400)]
    sign, factor = (
        next(h for h, _ in both if words in h) for words in ("one sign is turned", "`y` is left out")
    )
    assert {(sign, factor), (factor, sign)} & set(both)
    row = ["#one", "two"]
    slips_of = {sign: [row_mark("x") + row_mark(row)], factor: ["#three", row_mark(row)]}
    asked = recognise_slip(row, slips_of)
    assert "one sign is turned, a plus for a minus or the reverse and `y` is left out at one place." in asked
    assert "twice" in recognise_slip(row, {sign: [row_mark(row)]})
    assert not recognise_slip([*row, "more"], slips_of)
