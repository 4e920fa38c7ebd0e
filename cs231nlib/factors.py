"""What one factor or one term, the same for all numbers of a result, says of a mistake; its likely source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from cs231nlib.observations import CLOSE, close

ALIKE = 1e-4  # of each number: an epsilon in a denominator is no other size
NO_FACTOR = 5e-4  # so near to 1 it would be told as 1


def of_all(got: np.ndarray, wanted: np.ndarray, given: Mapping[str, Any]) -> str:
    """A factor or a term that all numbers of two arrays of one shape share, or ""."""
    return _factor(got, wanted, given) or _term(got, wanted)


def of_one(got: np.ndarray, wanted: np.ndarray, given: Mapping[str, Any]) -> str:
    """A single number: only a whole factor, and only of one that is not round, is no chance."""
    if not wanted or not got or is_round(wanted):
        return ""
    ratio = float(got / wanted)
    if said := _number_aside(ratio, given):
        return said
    if abs(ratio + 1) < CLOSE:
        return "It has the wrong sign."
    whole = max(abs(ratio), 1 / abs(ratio))
    if whole < 1.5 or whole > 1e4 or abs(whole - round(whole)) > CLOSE:
        return ""
    return f"That is {_times(ratio)} the expected number{_source(ratio, given)}."


def _number_aside(ratio, given):
    """A number among the inputs that is missing as a factor, or one too many. Of ½ it may be chance."""
    for name, value in ((name, float(one)) for name, one in given.items() if not one.ndim):
        if value and value * 4 != round(value * 4):
            if abs(ratio * value - 1) < CLOSE:
                return f"It is as if {name} took no part, or divided once too often."
            if abs(ratio / value - 1) < CLOSE:
                return f"It is as if {name} took part once too often, or should have divided."
    return ""


def is_round(number: np.ndarray) -> bool:
    """Whether a number has two decimals at most, so that another may be a multiple of it by chance."""
    return bool(abs(number * 100 - np.round(number * 100)) < CLOSE)


def _factor(got, wanted, given):
    size = np.abs(wanted[wanted != 0])
    if not size.size or size.max() == size.min() or not np.abs(got).max():
        return ""
    ratio = float(np.vdot(wanted, got) / np.vdot(wanted, wanted))
    if (np.abs(got + wanted) <= ALIKE * np.abs(wanted)).all():
        return "Every number has the wrong sign."
    if not np.abs(ratio) or abs(ratio - 1) < NO_FACTOR or not close(got / ratio, wanted):
        return ""
    if said := _number_aside(ratio, given):
        return said
    if wanted.size == 2 and abs(4 * ratio - round(4 * ratio)) > CLOSE < abs(4 / ratio - round(4 / ratio)):
        return ""  # two numbers may share an odd factor without a reason
    few = 2 * np.count_nonzero(wanted) < wanted.size  # then no axis is what they have in common
    return f"Every number is {_times(ratio)} the expected one{'' if few else _source(ratio, given)}."


def _term(got, wanted):
    apart = got - wanted
    if not close(apart, np.full(apart.shape, apart.flat[0])) or np.ptp(wanted) < CLOSE:
        return ""
    return f"Every number is too {'large' if apart.flat[0] > 0 else 'small'} by {abs(apart.flat[0]):.4g}."


def _times(ratio):
    share = 1 / ratio
    if abs(share) > 1.5 and abs(share - round(share)) < CLOSE * abs(share):
        return f"{'minus ' * (ratio < 0)}1/{abs(round(share))} of"
    return f"{ratio:.4g} times"


def _source(ratio, given):
    """; X has 4 rows: where that number comes from."""
    whole = max(abs(ratio), 1 / abs(ratio))
    if round(whole) < 3 or abs(whole - round(whole)) > CLOSE * whole:
        return ""
    for name, array in given.items():
        for axis, length in enumerate(array.shape):
            if length == round(whole):
                rows = ("rows", "columns")[axis] if array.ndim == 2 else f"places along axis {axis}"
                return f"; {name} has {length} {'numbers' if array.ndim == 1 else rows}"
    return ""
