"""What the gradebook adds to the records of a grading, so that each page and table says the same number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from grader.books.runs import Run
from grader.points import total
from grader.records import CellScore, Status

Value = TypeVar("Value")
CellAddress = tuple[str, str, str]  # student, notebook, grade_id


@dataclass(frozen=True)
class Standing:
    """Where a submission stands. `points` of None: no score at all; `penalty`: what lateness takes of them.

    `unread` answers wait for a human, beside what our machines failed.
    """

    points: float | None
    max_points: float
    penalty: float = 0.0
    unread: int = 0

    @property
    def waits(self) -> str:
        """What is still to be done by a human, in words."""
        return f"{self.unread} answer{'s wait' if self.unread > 1 else ' waits'}" if self.unread else ""


@dataclass(frozen=True)
class Ledger:
    """Scores and comments that humans gave, penalties for being late by (student, notebook), and why.

    `unread` are the places of which nbgrader says that a human should look at them.
    """

    by_hand: Mapping[CellAddress, float] = field(default_factory=dict)
    comments: Mapping[CellAddress, str] = field(default_factory=dict)
    penalties: Mapping[tuple[str, str], float] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    unread: frozenset[CellAddress] = frozenset()

    def points(self, student: str, notebook: str, score: CellScore) -> float | None:
        """What a question earned: a human's word before the test's, None where nobody has said."""
        return self.by_hand.get((student, notebook, score.grade_id), score.auto_score)

    def penalty(self, student: str) -> float:
        """What lateness takes off the whole submission."""
        return self._lost.get(student, 0.0)

    def given(self, student: str, notebook: str) -> Mapping[str, float]:
        """grade_id -> score by hand, of one notebook."""
        return self._given.get((student, notebook), {})

    def said(self, student: str, notebook: str) -> Mapping[str, str]:
        """grade_id -> comment, of one notebook."""
        return self._said.get((student, notebook), {})

    @cached_property
    def _lost(self) -> Mapping[str, float]:
        lost: dict[str, float] = {}
        for (student, _), points in self.penalties.items():
            lost[student] = lost.get(student, 0.0) + points
        return lost

    @cached_property
    def _given(self) -> Mapping[tuple[str, str], dict[str, float]]:
        return _by_notebook(self.by_hand)

    @cached_property
    def _said(self) -> Mapping[tuple[str, str], dict[str, str]]:
        return _by_notebook(self.comments)

    def standing(self, run: Run) -> Standing:
        """The submission as it stands now."""
        scores = list(run.scores)
        found = [self.points(run.student, notebook, score) for notebook, score in scores]
        known = [points for points in found if points is not None]
        penalty = self.penalty(run.student)
        points = max(0.0, total([*known, -penalty])) if known else None
        unread = sum(
            self._is_unread(run.student, *one, points) for one, points in zip(scores, found, strict=True)
        )
        return Standing(points, total(score.max_score for _, score in scores), penalty, unread)

    def _is_unread(self, student: str, notebook: str, score: CellScore, points: float | None) -> bool:
        waits = points is None or (student, notebook, score.grade_id) in self.unread
        return waits and score.status is Status.COMPLETED


def _by_notebook(places: Mapping[CellAddress, Value]) -> dict[tuple[str, str], dict[str, Value]]:
    found: dict[tuple[str, str], dict[str, Value]] = {}
    for (student, notebook, grade_id), value in places.items():
        found.setdefault((student, notebook), {})[grade_id] = value
    return found
