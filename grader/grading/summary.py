"""What a grading did, for who asked for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.books.grade_change import GradeChange
from grader.books.ledger import Ledger
from grader.books.runs import Run
from grader.grading.survey_record import Survey


@dataclass
class GradingSummary:
    """What a grading did: one run per submission, fresh or unchanged since an earlier grading."""

    assignment: str
    dry_run: bool
    runs: list[Run] = field(default_factory=list)
    changes: list[GradeChange] = field(default_factory=list)
    unchanged: int = 0
    in_part: int = 0
    """submissions of which only the questions ran again that a changed key touches"""
    questions: int = 0
    """so many in all"""
    seconds: float = 0.0
    ledger: Ledger = field(default_factory=Ledger)
    """what humans gave, and what lateness takes"""
    survey: Survey = field(default_factory=dict)
    foreign: Mapping[str, str] = field(default_factory=dict)
    """notebooks left out, for they want another language"""
    notes: list[str] = field(default_factory=list)
    """what somebody should know before the marks are given out"""

    @property
    def not_graded(self) -> list[Run]:
        """The submissions that our machines failed, in whole or in part."""
        return [run for run in self.runs if run.is_open]

    @property
    def labels(self) -> Counter[str]:
        """How many submissions have each label ("graded", "graded after repairs", "unreadable", ...)."""
        return Counter(run.label for run in self.runs)

    def moved(self, direction: int) -> int:
        """How many questions' scores went up (1) or down (-1)."""
        known = ((c.before, c.after) for c in self.changes if c.before is not None and c.after is not None)
        return sum((after - before) * direction > 0 for before, after in known)
