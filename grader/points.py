"""Points: how they add up, and how people read them."""

from __future__ import annotations

import math
from collections.abc import Iterable


def total(points: Iterable[float]) -> float:
    """Their sum, as it is on paper: 0.1 and 0.2 are 0.3."""
    return round(math.fsum(points), 10) + 0.0  # no minus before a zero


def points_text(points: float) -> str:
    """For people: at most three decimals, and all that stands before them."""
    return f"{round(points, 3) + 0.0:.3f}".rstrip("0").rstrip(".")
