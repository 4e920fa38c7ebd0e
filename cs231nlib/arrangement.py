"""Where the right numbers of a wrong result are: in another order, or in some rows alone.

Each function takes two float64 arrays of one shape, what came and what was wanted, and returns
a sentence, or "".
"""

from __future__ import annotations

import numpy as np

from cs231nlib.observations import CLOSE, close


def order(got: np.ndarray, wanted: np.ndarray) -> str:
    """All numbers of the result, at other places."""
    if wanted.ndim == 2 and close(got.T, wanted):
        return "It is the transpose."
    for axis in range(wanted.ndim):
        if wanted.shape[axis] > 2 and close(np.flip(got, axis), wanted):
            return f"It is in reversed order{_along(axis, wanted)}."
    for axis in range(wanted.ndim):
        late, ahead = (np.roll(wanted, step, axis) for step in (1, -1))
        for rolled, where in ((late, "late"), (ahead, "early")):
            if wanted.shape[axis] > 3 and close(_inner(got, axis), _inner(rolled, axis)):
                return f"Every number comes one place too {where}{_along(axis, wanted)}."
    if len(np.unique(wanted)) > 2 and close(np.sort(got, None), np.sort(wanted, None)):
        return "The numbers are right, in another order."
    return ""


def unfilled(got: np.ndarray, wanted: np.ndarray) -> str:
    """Zeros where another number belongs, and nothing else that is wrong."""
    wrong = np.abs(got - wanted) > CLOSE * np.abs(wanted).max()
    return "" if wrong.all() or got[wrong].any() or not got.any() else "What is wrong is 0."


def _inner(array, axis):
    """Without the ends of an axis, which a shift by one place may fill with anything."""
    return np.take(array, range(1, array.shape[axis] - 1), axis)


def _along(axis, array):
    return f" along axis {axis}" if array.ndim > 1 else ""


def lines(got: np.ndarray, wanted: np.ndarray) -> str:
    """Rows or columns that are off by a factor or a term of their own, as after a step along a wrong axis."""
    if wanted.ndim != 2 or min(wanted.shape) < 2 or np.ptp(wanted) < CLOSE:
        return ""
    for name, one, other in (("row", got, wanted), ("column", got.T, wanted.T)):
        if other.shape[1] < 3:
            continue
        factors = (one * other).sum(1, keepdims=True) / (other**2).sum(1, keepdims=True)
        terms = (one - other).mean(1, keepdims=True)
        if (np.abs(factors - 1) > CLOSE).all() and factors.all() and close(one, other * factors):
            return f"Each {name} is off by a factor of its own."
        if (np.abs(terms) > CLOSE * np.abs(other).max()).all() and close(one, other + terms):
            return f"Each {name} is off by a number of its own."
    return ""


def part(got: np.ndarray, wanted: np.ndarray) -> str:
    """Whole rows that are right, and the others not."""
    if wanted.ndim < 2 or len(wanted) < 3 or wanted[0].size < 2:
        return ""
    near = np.abs(got - wanted) <= CLOSE * np.abs(wanted).max()
    right, wrong = (each.reshape(len(wanted), -1).all(1) for each in (near, ~near))
    for place, at in (("first", 0), ("last", -1)):
        others = np.delete(np.arange(len(wanted)), at)
        if right[at] and wrong[others].all():
            return f"Only the {place} row is right."
        if wrong[at] and right[others].all():
            return f"Only the {place} row is wrong."
    return ""


def ends(got: np.ndarray, wanted: np.ndarray) -> str:
    """A row of different numbers that is right but for one end, or rows that are right up to one of them."""
    right = np.abs(got - wanted) <= CLOSE * np.abs(wanted).max()
    right = right.reshape(len(right), -1).all(1)
    if len(right) < 4 or len(np.unique(wanted)) < len(right):
        return ""
    if wanted.ndim == 1 and right[1:].all():
        return "Only the first number is wrong."
    if wanted.ndim == 1:
        return "Only the last number is wrong." if right[:-1].all() else ""
    count = int(np.argmin(right))
    if 1 < count < len(right) - 1 and not right[count:].any():
        return f"The first {count} rows are right, and none of those behind them."
    return ""
