"""What was moved, and what was not."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence


def in_order(positions: Sequence[int]) -> set[int]:
    """The members of a longest increasing subsequence: what was not moved."""
    tails: list[int] = []
    before: dict[int, int | None] = {}
    for position in positions:
        at = bisect_left(tails, position)
        before[position] = tails[at - 1] if at else None
        tails[at:] = [position, *tails[at + 1 :]]
    kept: set[int] = set()
    last = tails[-1] if tails else None
    while last is not None:
        kept.add(last)
        last = before[last]
    return kept
