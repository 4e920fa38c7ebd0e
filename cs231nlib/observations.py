"""What all numbers of a wrong result show at once, against the right ones: each function sees one mistake.

Each takes two finite float64 arrays of one shape, what came and what was wanted, and the inputs by name; it
returns one sentence, or "". What could be chance is not told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

CLOSE = 1e-6  # of the largest expected number
NEARLY = 1e-5  # of each expected number
FIRST_DIGITS = 1e-3  # of each, where all are close
MAPS: dict[str, Callable] = {
    "the square of": np.square,
    "the square root of": np.sqrt,
    "1 divided by": np.reciprocal,
    "the exponential of": np.exp,
    "the logarithm of": np.log,
    "1 minus": lambda w: 1 - w,
}


def close(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two arrays have one shape and the same numbers, up to rounding."""
    room = CLOSE * np.abs(other).max(initial=0.0)
    return one.shape == other.shape and bool((np.abs(one - other) <= room).all())


def of_several(got: np.ndarray, wanted: np.ndarray, given: Mapping[str, Any]) -> str:
    """The first sentence that holds for two arrays of several numbers, or ""."""
    return next(filter(None, (observe(got, wanted, given) for observe in _OF_SEVERAL)), "")


def same_input(got: np.ndarray, given: Mapping[str, Any]) -> str:
    """One of the inputs, by name, that came back unchanged."""
    same = [name for name, array in given.items() if array.dtype.kind in "biuf" and close(got, array)]
    return f"It is {same[0]}, as it was given." if same else ""


def nearly(got: np.ndarray, wanted: np.ndarray) -> str:
    """Right in its first digits only; of one number, too."""
    apart, size = np.abs(got - wanted), np.abs(wanted)
    if (apart <= NEARLY * size).all() or (close(got, wanted) and (apart <= FIRST_DIGITS * size).all()):
        return "Only the first digits are right: is it measured, rounded, or computed in float32?"
    return ""


def whole(got: np.ndarray, wanted: np.ndarray) -> str:
    """One number that is cut or rounded to a whole one."""
    if got != np.round(got) or abs(wanted - np.round(wanted)) < FIRST_DIGITS or abs(wanted) < 1:
        return ""
    if got in (np.trunc(wanted), np.floor(wanted)):
        return "Everything behind the decimal point is lost: is there an array of integers?"
    return "Every number is rounded to a whole one." if got == np.round(wanted) else ""


def _one_value(got, wanted, _given):
    if np.ptp(got) or not np.ptp(wanted):
        return ""
    return "Every number is 0." if not got.flat[0] else "Every number is the same."


def _input_aside(got, wanted, given):
    """An input that is missing as a factor or a term, or that takes part once too often."""
    for name, array in given.items():
        if array.dtype.kind not in "biuf" or not _spreads_over(array, wanted):
            continue
        if close(got * array, wanted) or (close(got + array, wanted) and not _half(got, wanted)):
            return f"It is as if {name} took no part."
        if close(wanted * array, got) or close(wanted + array, got):
            return f"It is as if {name} took part once too often."
    return ""


def _half(got, wanted):
    """Whether a term that is missing is the result itself: then it is a factor."""
    return (np.abs(2 * got - wanted) <= FIRST_DIGITS * np.abs(wanted)).all()


def _one_row(got, wanted, _given):
    alike = got.ndim > 1 and len(got) > 2 and (got == got[0]).all() and not (wanted == wanted[0]).all()
    return "Every row is the same." if alike else ""


def _of_two(got, _wanted, given):
    """Two inputs of the result's shape that were put together, and nothing else."""
    fit = [(n, a) for n, a in given.items() if a.shape == got.shape and a.dtype.kind in "iuf" and np.ptp(a)]
    for i, (name, one) in enumerate(fit if np.ptp(got) else ()):
        for other_name, other in fit[i + 1 :]:
            pairs = {"times": one * other, "plus": one + other, "minus": one - other}
            for words, both in pairs.items():
                if close(got, both):
                    return f"It is {name} {words} {other_name}, number by number."
    return ""


def _spreads_over(array, wanted):
    """Whether an array of several different numbers fits a result by broadcasting."""
    fits = array.ndim <= wanted.ndim and all(
        a in (1, w) for a, w in zip(array.shape[::-1], wanted.shape[::-1], strict=False)
    )
    return fits and array.size > 1 < wanted.size and len(np.unique(wanted)) > 2 and bool(np.ptp(array))


def _cut(got, wanted, _given):
    if got.any() and close(got, np.trunc(wanted)):
        return "Everything behind the decimal point is lost: is there an array of integers?"
    if len(np.unique(got)) > 2 and close(got, np.round(wanted)):
        return "Every number is rounded to a whole one."
    if close(np.abs(got), np.abs(wanted)):
        return "The sizes are right, some signs are not."
    return ""


def _limits(got, wanted, _given):
    """Clipped, and cut or rounded perhaps: the limit is whole, as not all numbers are, or was met twice."""
    low, high, counts = got.min(), got.max(), bool((wanted == np.round(wanted)).all())
    inside = got[(got > low) & (got < high)]
    rounded = (np.clip(one, low, high) for one in (wanted, np.trunc(wanted), np.round(wanted)))
    between = ((wanted > low) & (wanted < high)).any()
    if inside.size and between and wanted.size > 4 and any(close(got, one) for one in rounded):
        for side, limit, beyond in (("above", high, wanted > high), ("below", low, wanted < low)):
            if beyond.sum() > 1 or (beyond.any() and limit == round(limit) and not counts):
                return f"Nothing is {side} {limit:.6g}: is it cut off there?"
    return ""


def mapped(got: np.ndarray, wanted: np.ndarray, _given: Mapping[str, Any] | None = None) -> str:
    """The right numbers, squared, or their logarithm, or the like; of one number, too."""
    if wanted.size > 1 and len(np.unique(wanted)) < 3:
        return ""
    for words, function in MAPS.items():
        image = function(wanted)
        if np.isfinite(image).all() and image.any() and close(got, image):
            return f"It is {words} what it should be."
    return ""


_OF_SEVERAL = (_one_value, _cut, _input_aside, _one_row, _of_two, mapped, _limits)
