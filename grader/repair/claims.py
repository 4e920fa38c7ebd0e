"""Which cells of a student's notebook claim to be which cell of the assignment, and which are left."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import accumulate

from grader.repair.assignment_cell import AssignmentCell
from grader.repair.order import in_order
from grader.repair.submitted_cell import SubmittedCell


@dataclass
class Matching:
    """Positions of student cells: for each target those that claim to be it; the rest are `own`."""

    claims: list[list[int]]
    own: list[int]
    submitted: list[SubmittedCell]
    targets: list[AssignmentCell]
    defined: list[frozenset[str]]  # the names that each student cell defines

    def settle(self, claim: Callable[[int], int | None], left: Iterable[int]) -> list[int]:
        """Settle the cells in `left` by `claim` (position -> target or None); those that it left."""
        rest = []
        for at in left:
            key = claim(at)
            if key is None:
                rest.append(at)
            else:
                self.claims[key].append(at)
        return rest

    def gaps(self) -> list[tuple[int, int]]:
        """For each cell of the assignment where its neighbours above and below are that were not moved."""
        sure = {claims[0]: key for key, claims in enumerate(self.claims) if len(claims) == 1}
        kept = {sure[at]: at for at in in_order(list(sure))}
        keys = range(len(self.targets))
        above = list(accumulate((kept.get(key, -1) for key in keys), max, initial=-1))
        last = len(self.submitted)
        below = list(accumulate((kept.get(key, last) for key in reversed(keys)), min, initial=last))
        return list(zip(above, reversed(below[:-1]), strict=False))
