"""The right answer with one small change: what it becomes, and what is asked."""

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
X, Y = np.array([1.0, -2.0, 3.0]), 4.0
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


def told(number) -> list[str]:
    """What is asked where the first result is this number."""
    asked = []
    for slip in slips(ANSWER):
        names = {"np": np}
        exec(slip.answer, names)
        try:
            with np.errstate(all="ignore"):
                first, _ = names["f"](X, Y)
        except Exception:
            continue
        if np.ndim(first) == 0 and abs(first - number) < 1e-9:
            asked.append(slip.hint)
    return asked


@pytest.mark.parametrize("what", TOLD)
def test_a_slip_gives_its_number_and_tells_what_it_is(what):
    number, words = TOLD[what]
    assert any(words in hint for hint in told(number)), told(number)


def test_what_is_right_or_two_changes_away_is_no_slip_of_the_formula():
    assert told((1 + 3) * Y * 7) == []
    assert list(slips("def f(:")) == []


def test_a_tiny_step_is_not_left_out():
    assert not any("`h` is left out" in slip.hint for slip in slips(ANSWER))
