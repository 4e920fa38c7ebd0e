"""Checks for one's own functions: is this gradient right, are shapes and inputs kept, is there a loop?

They call the function and look at what comes back, nothing else, so it may be any callable. The rule for
gradients: float64, h = 1e-5, error |a - n| / (|a| + |n|) in the Euclidean norm; under 1e-7 passes, over 1e-4
fails. On 300 random networks correct code stays below 1e-8; the mildest usual mistake makes 1e-2.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cs231nlib import diagnosis
from cs231nlib.expectations import as_array, note_fault
from cs231nlib.invariants import finite, shapes, unchanged
from cs231nlib.loops import vectorised
from cs231nlib.slopes import across, misfit, one_hot, slope
from grader.engine.wire.bytecodes import count_events
from grader.notebook.evidence import is_unread

__all__ = [
    "GradReport",
    "confirm",
    "count_events",
    "finite",
    "gradient",
    "shapes",
    "unchanged",
    "vectorised",
]

PASS, FAIL, MOST_PROBES = 1e-7, 1e-4, 200
STEP = 1e-5
ALIKE = 1e-6  # of two gaps: which is larger is rounding then, another on each processor


@dataclass(frozen=True)
class GradReport:
    """What `gradient` found.

    norm_error: float, inf where there was nothing to compare. worst_index: tuple, the entry that is furthest
    off. worst_pair: (analytic, numerical) there. verdict: "pass", "suspicious" or "fail". reason: a sentence.
    """

    norm_error: float
    worst_index: tuple
    worst_pair: tuple
    verdict: str
    reason: str

    def __str__(self) -> str:
        return f"{self.verdict}: {self.reason}"


def gradient(
    f: Callable,
    x: np.ndarray,
    analytic: np.ndarray,
    h: float = STEP,
    rng: int | np.random.Generator | None = None,
) -> GradReport:
    """Compare a gradient with central differences of f: array like x -> one number.

    x: array or number; f gets float64 copies of it. analytic: the claimed gradient, of x's shape. Up to 200
    entries are all probed; of more, 200 drawn by `rng` and 8 directions across all of them. Returns a
    GradReport: a wrong shape or a nan is a failed report, not an exception.
    """
    x, analytic = np.array(x, np.float64), np.asarray(analytic)
    if analytic.shape != x.shape:
        return _refused(f"the gradient has shape {analytic.shape}, its variable {x.shape}")
    if analytic.dtype.kind not in "fiu":
        return _refused(f"the gradient holds {analytic.dtype}, not numbers")
    if not np.all(np.isfinite(analytic)):
        return _refused("the gradient holds nan or infinite numbers")
    rng = np.random.default_rng(0 if rng is None else rng)
    places = rng.permutation(x.size)[:MOST_PROBES]
    measured = [slope(f, x, one_hot(x, place), h) for place in places]
    slopes = np.array([analytic.reshape(-1)[places], measured], np.float64)
    error = misfit(slopes)
    if x.size > MOST_PROBES:
        error = max(error, misfit(across(f, x, analytic, h, rng)))
    if not np.isfinite(error):
        return _refused("the function is not finite close to x")
    return _judged(error, x.shape, places, slopes)


def confirm(name: str, f: Callable, x: np.ndarray, mine: Any) -> None:
    """AssertionError, with a sentence for the student, unless the array `mine` is the gradient of f at x.

    name: what the student calls it, "dW". f, x: as in `gradient`. Where every slope is so near 0 that a
    measurement shows only rounding, an absolute difference below 1e-9 is enough.
    """
    mine, fault = as_array(name, mine, np.atleast_1d(x))
    report = gradient(f, x, mine)
    claimed, measured = report.worst_pair or (0, np.inf)
    tiny = np.size(x) <= MOST_PROBES and abs(claimed - measured) < 1e-9
    if report.verdict != "pass" and not tiny:
        about = _about(mine, f, np.asarray(x), diagnosis.given_in("", sys._getframe(1)))
        raise AssertionError(f"{name}: {report.reason}. {about}".rstrip())
    if fault:
        note_fault(fault)


def _about(mine: np.ndarray, f: Callable, x: np.ndarray, given: Mapping[str, Any]) -> str:
    """What a wrong gradient has in common with the measured one; "" where it is large.

    Of its numbers nothing is said where nobody reads it (see `essence`); its shape is evidence.
    """
    same = mine.shape == x.shape
    if (same and is_unread()) or x.size > MOST_PROBES or mine.dtype.kind not in "fiu":
        return ""
    x = x.astype(np.float64)
    measured = np.array([slope(f, x, one_hot(x, place), STEP) for place in range(x.size)]).reshape(x.shape)
    return diagnosis.of_values(mine, measured, given) if same else diagnosis.of_shape(mine, measured, {})


def _refused(reason: str) -> GradReport:
    return GradReport(float("inf"), (), (), "fail", reason)


def _judged(error: float, shape: tuple[int, ...], places: np.ndarray, slopes: np.ndarray) -> GradReport:
    verdict = "pass" if error < PASS else "suspicious" if error <= FAIL else "fail"
    if not len(places):
        return GradReport(error, (), (), verdict, "there are no entries to compare")
    gaps = np.abs(slopes[0] - slopes[1])
    worst = np.argmax(gaps >= gaps.max() * (1 - ALIKE))
    index = tuple(int(i) for i in np.unravel_index(places[worst], shape))
    pair = tuple(slopes[:, worst].tolist())
    where = f"furthest off, at index {index} yours is {pair[0]:.6g}, the measured slope {pair[1]:.6g}"
    if verdict != "pass" and misfit(slopes) < PASS:
        where = f"the {len(places)} entries probed one by one are right, others are not"
    return GradReport(error, index, pair, verdict, f"relative error {error:.1e}; {where}")
