"""A result that is right for the inputs on one side of 0 alone: a case that is forgotten or mixed up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from cs231nlib.observations import CLOSE

FEWEST = 2  # numbers on either side, or it may be chance


def of_input(got: np.ndarray, wanted: np.ndarray, given: Mapping[str, Any]) -> str:
    """A sentence on two float64 arrays of one shape, where one side of an input's 0 is all wrong, or ""."""
    wrong = np.abs(got - wanted) > CLOSE * np.abs(wanted).max()
    for name, array in given.items():
        if array.shape == wanted.shape and array.dtype.kind in "if":
            for side, words, other in (
                (array > 0, "positive", "negative"),
                (array < 0, "negative", "positive"),
            ):
                rest = ~side & (array != 0)
                enough = min(side.sum(), rest.sum()) >= FEWEST and np.ptp(wanted[rest]) > CLOSE
                if enough and wrong[side].all() and not wrong[rest].any():
                    return f"It is right where {name} is {other}, and wrong where it is {words}."
    return ""
