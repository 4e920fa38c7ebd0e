"""What a wrong result has in common with the right one: one sentence that points at the mistake, or none.

Each observation holds for all numbers at once, so it is no chance: a factor, a sign, a transpose, an order.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Mapping
from types import FrameType
from typing import Any

import numpy as np

from cs231nlib import arrangement, factors, observations, sides
from cs231nlib.observations import close, whole

NAME = re.compile(r"\b[A-Za-z_]\w*")
NUMBER = re.compile(r"(?<![\w.)\]])(?:([A-Za-z_]\w*)=)?(-?\d+\.\d+)\b")  # "keep=0.7", or "0.7" alone
_SERIES = re.compile(r"\[[^\]\[]*\]")  # numbers in square brackets are one array
TINY = 1e-4  # of the largest expected number
BATCH = "X", "x"  # what the course calls a batch of examples, one per row


def of_shape(got: np.ndarray, wanted: np.ndarray, given: Mapping[str, Any]) -> str:
    """A sentence on two arrays of different shapes, or "". given: name -> array, what the function got."""
    if got.ndim == wanted.ndim == 2 and got.shape == wanted.shape[::-1]:
        return "It is the transpose." if close(got.T, wanted) else "Rows and columns have changed places."
    if got.size == wanted.size and close(got.reshape(wanted.shape), wanted):
        return "The numbers are right, in another shape."
    for name, array in given.items():
        for right in range(array.ndim):
            for wrong in range(array.ndim):
                if wrong != right and _went(array, wanted, right) and _went(array, got, wrong):
                    return f"Did you go along axis {wrong} of {name}, instead of axis {right}?"
    return _one_off(got, wanted)


def _one_off(got, wanted):
    """One too many along each axis that differs, or one too few, and the others are right.

    A vector may belong to another axis, and widths of a net may differ by one by chance.
    """
    apart = [one - other for one, other in zip(got.shape, wanted.shape, strict=False)]
    wrong = [axis for axis, by in enumerate(apart) if by]
    if got.ndim != wanted.ndim or got.ndim < 2 or {apart[axis] for axis in wrong} not in ({1}, {-1}):
        return ""
    long, short = (got, wanted) if apart[wrong[0]] > 0 else (wanted, got)
    if not any(close(part, short) for part in _without_an_end(long, wrong)):
        return ""
    return f"Axis {wrong[0]} is one too {'long' if long is got else 'short'}."


def _without_an_end(array, axes):
    """The parts of an array that lack the first or the last place of each of these axes."""
    parts = [array]
    for axis in axes:
        ends = range(1, array.shape[axis]), range(array.shape[axis] - 1)
        parts = [np.take(part, kept, axis) for part in parts for kept in ends]
    return parts


def of_values(got: np.ndarray, wanted: np.ndarray, given: Mapping[str, Any] | None = None) -> str:
    """A sentence on two arrays of one shape, or "": a factor, a sign, an order, an input that came back."""
    got, wanted = np.asarray(got), np.asarray(wanted)
    if got.ndim == wanted.ndim == 0 and {got.dtype.kind, wanted.dtype.kind} <= set("iu"):
        return {1: "It is one too many.", -1: "It is one too few."}.get(int(got) - int(wanted), "")
    if got.dtype.kind not in "biuf" or not np.isfinite(got).all() or not np.isfinite(wanted).all():
        return ""
    got, wanted = got.astype(np.float64), wanted.astype(np.float64)
    with np.errstate(all="ignore"):
        return _of_several(got, wanted, given or {}) if wanted.size > 1 else _of_one(got, wanted, given or {})


def _of_several(got, wanted, given):
    return next(filter(None, _said(got, wanted, given)), "")


def _said(got, wanted, given):
    yield observations.same_input(got, given)
    yield observations.nearly(got, wanted)
    if np.abs(got - wanted).max() <= TINY * np.abs(wanted).max():  # all else would be true, and wrong
        return
    yield factors.of_all(got, wanted, given)
    yield arrangement.order(got, wanted)
    yield observations.of_several(got, wanted, given)
    yield arrangement.lines(got, wanted)
    yield arrangement.part(got, wanted)
    yield sides.of_input(got, wanted, given)
    yield arrangement.ends(got, wanted)
    yield arrangement.unfilled(got, wanted)


def _of_one(got, wanted, given):
    got, wanted = got.reshape(()), wanted.reshape(())  # an array with one number in it is one number, too
    said = observations.nearly(got, wanted) or factors.of_one(got, wanted, given)
    return said or (
        "" if factors.is_round(wanted) else whole(got, wanted) or observations.mapped(got, wanted)
    )


def given_in(what: str, frame: FrameType) -> dict[str, np.ndarray]:
    """name -> array for the inputs that `what`, a call in words, names; `frame` is where their values are.

    Inputs stand within its brackets; "dx of f(dout)" names a result, too. A number is an array without axes.
    """
    known = frame.f_globals | frame.f_locals
    written = NAME.findall(what.partition("(")[2])
    names = [name for name in dict.fromkeys((*written, *BATCH)) if name in known]
    arrays = {name: np.asarray(known[name]) for name in names if type(known[name]) in (np.ndarray, float)}
    literals = _literals(what)
    numbers = {name or value: np.array(float(value)) for name, value in NUMBER.findall(_SERIES.sub("", what))}
    return arrays | ({"the input": literals[0]} if literals else {}) | numbers


@functools.lru_cache(maxsize=64)
def _literals(what):
    """The arrays that are written out in the text of a call."""
    if "np.array" not in what:
        return []
    try:
        calls = [node for node in ast.walk(ast.parse(what, mode="eval")) if isinstance(node, ast.Call)]
        return [np.array(ast.literal_eval(c.args[0])) for c in calls if ast.unparse(c.func) == "np.array"]
    except (SyntaxError, ValueError, IndexError, RecursionError):
        return []


def _went(array, result, axis):
    """Whether `result` has the shape of a sum or mean of `array` along `axis`."""
    before, after = array.shape[:axis], array.shape[axis + 1 :]
    return result.shape in (before + after, (*before, 1, *after))
