"""What a wrong result has in common with the right one: one sentence that points at the mistake, or none.

Each observation holds for all numbers at once, so it is no chance: a factor, a sign, a transpose, an order.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from types import FrameType
from typing import Any

import numpy as np

CLOSE = 1e-6  # of the largest expected number
NEARLY = 1e-5  # of each expected number
NAME = re.compile(r"\b[A-Za-z_]\w*")
BATCH = "X", "x"  # what the course calls a batch of examples, one per row


def of_shape(got: np.ndarray, wanted: np.ndarray, given: Mapping[str, Any]) -> str:
    """A sentence on two arrays of different shapes, or "". given: name -> array, what the function got."""
    if got.ndim == wanted.ndim == 2 and got.shape == wanted.shape[::-1]:
        return "It is the transpose." if _close(got.T, wanted) else "Rows and columns have changed places."
    if got.size == wanted.size and _close(got.reshape(wanted.shape), wanted):
        return "The numbers are right, in another shape."
    for name, array in given.items():
        for right in range(array.ndim):
            for wrong in range(array.ndim):
                if wrong != right and _went(array, wanted, right) and _went(array, got, wrong):
                    return f"Did you go along axis {wrong} of {name}, instead of axis {right}?"
    return ""


def of_values(got: np.ndarray, wanted: np.ndarray, given: Mapping[str, Any] | None = None) -> str:
    """A sentence on two arrays of one shape, or "": a factor, a sign, an order, an input that came back."""
    got, wanted = np.asarray(got), np.asarray(wanted)
    if got.dtype.kind not in "biuf" or not np.isfinite(got).all() or not np.isfinite(wanted).all():
        return ""
    got, wanted = got.astype(np.float64), wanted.astype(np.float64)
    observations = _OBSERVATIONS if wanted.size > 1 else (_nearly, _factor_of_one)
    with np.errstate(all="ignore"):
        return next(filter(None, (observe(got, wanted, given or {}) for observe in observations)), "")


def given_in(what: str, frame: FrameType) -> dict[str, np.ndarray]:
    """name -> array for the inputs that `what`, a call in words, names; `frame` is where their values are.

    Inputs stand within its brackets; "dx of f(dout)" names a result, too.
    """
    known = frame.f_globals | frame.f_locals
    written = NAME.findall(what.partition("(")[2])
    names = [name for name in dict.fromkeys((*written, *BATCH)) if name in known]
    arrays = {name: known[name] for name in names if type(known[name]) is np.ndarray}
    literals = _literals(what)
    return arrays | ({"its input": literals[0]} if literals else {})


def _literals(what):
    """The arrays that are written out in the text of a call."""
    try:
        calls = [node for node in ast.walk(ast.parse(what, mode="eval")) if isinstance(node, ast.Call)]
        return [np.array(ast.literal_eval(c.args[0])) for c in calls if ast.unparse(c.func) == "np.array"]
    except (SyntaxError, ValueError, IndexError, RecursionError):
        return []


def _went(array, result, axis):
    """Whether `result` has the shape of a sum or mean of `array` along `axis`."""
    before, after = array.shape[:axis], array.shape[axis + 1 :]
    return result.shape in (before + after, (*before, 1, *after))


def _close(one, other):
    room = CLOSE * np.abs(other).max(initial=0.0)
    return one.shape == other.shape and bool((np.abs(one - other) <= room).all())


def _same_input(got, _wanted, given):
    same = [name for name, array in given.items() if array.dtype.kind in "biuf" and _close(got, array)]
    return f"It is {same[0]}, as it was given." if same else ""


def _factor(got, wanted, given):
    size = np.abs(wanted[wanted != 0])
    if not size.size or size.max() == size.min() or not np.abs(got).max():
        return ""
    ratio = float(np.vdot(wanted, got) / np.vdot(wanted, wanted))
    if not np.abs(ratio) or not _close(got / ratio, wanted):
        return ""
    if abs(ratio + 1) < CLOSE:
        return "Every number has the wrong sign."
    return f"Every number is {_times(ratio)} the expected one{_name_of(ratio, given)}."


def _nearly(got, wanted, _given):
    if (np.abs(got - wanted) <= NEARLY * np.abs(wanted)).all():
        return "Only the first digits are right: is it measured, rounded, or computed in float32?"
    return ""


def _factor_of_one(got, wanted, given):
    """A single number: only a whole factor, and only of one that is not round, is no chance."""
    if not wanted or not got or abs(wanted * 100 - np.round(wanted * 100)) < CLOSE:
        return ""
    ratio = float(got / wanted)
    if abs(ratio + 1) < CLOSE:
        return "It has the wrong sign."
    whole = max(abs(ratio), 1 / abs(ratio))
    if whole < 1.5 or whole > 1e4 or abs(whole - round(whole)) > CLOSE:
        return ""
    return f"That is {_times(ratio)} the expected number{_name_of(ratio, given)}."


def _times(ratio):
    share = 1 / ratio
    if abs(share) > 1.5 and abs(share - round(share)) < CLOSE * abs(share):
        return f"{'minus ' * (ratio < 0)}1/{abs(round(share))} of"
    return f"{ratio:.4g} times"


def _name_of(ratio, given):
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


def _offset(got, wanted, _given):
    apart = got - wanted
    if not _close(apart, np.full(apart.shape, apart.flat[0])) or np.ptp(wanted) < CLOSE:
        return ""
    return f"Every number is too {'large' if apart.flat[0] > 0 else 'small'} by {abs(apart.flat[0]):.4g}."


def _order(got, wanted, _given):
    if wanted.ndim == 2 and _close(got.T, wanted):
        return "It is the transpose."
    for axis in range(wanted.ndim):
        if _close(np.flip(got, axis), wanted):
            return f"It is in reversed order{_along(axis, wanted)}."
    for axis in range(wanted.ndim):
        late, ahead = (np.roll(wanted, step, axis) for step in (1, -1))
        for rolled, where in ((late, "late"), (ahead, "early")):
            if wanted.shape[axis] > 3 and _close(_inner(got, axis), _inner(rolled, axis)):
                return f"Every number comes one place too {where}{_along(axis, wanted)}."
    if _close(np.sort(got, None), np.sort(wanted, None)):
        return "The numbers are right, in another order."
    return ""


def _inner(array, axis):
    """Without the ends of an axis, which a shift by one place may fill with anything."""
    return np.take(array, range(1, array.shape[axis] - 1), axis)


def _along(axis, array):
    return f" along axis {axis}" if array.ndim > 1 else ""


def _cut(got, wanted, _given):
    if got.any() and _close(got, np.trunc(wanted)):
        return "Everything behind the decimal point is lost: is there an array of integers?"
    if _close(np.abs(got), np.abs(wanted)):
        return "The sizes are right, some signs are not."
    return ""


_OBSERVATIONS = (_same_input, _nearly, _factor, _offset, _order, _cut)
