"""Partial credit inside a test cell, with messages a student can act on.

    grade = Grade(points=4)
    with grade("positive and negative values", 2):
        expect("relu(z)", relu(z), np.maximum(z, 0))
    with grade("leaves its input alone", 2, contract=True):
        ...
    grade.total()

Each `with` block is one check. Whatever it raises is caught, so one failure never hides the others.
"""

from __future__ import annotations

import os
import threading
from sys import _getframe

import numpy as np

from cs231nlib import cell_marks, earlier, scope, stumbles
from cs231nlib.check import Check, Row
from cs231nlib.check_list import CheckList
from cs231nlib.expectations import expect, unpack
from cs231nlib.patience import Patience
from cs231nlib.question import Question
from cs231nlib.session import find_shell
from grader.engine.wire.grade_format import MIME
from grader.notebook.evidence import is_unread

__all__ = ["Grade", "NotGraded", "expect", "unpack"]

stumbles.install()  # every chapter imports this module first
earlier.install()
scope.install()


class NotGraded(BaseException):
    """A test that cannot run on this machine, through no fault of the student's: say what is missing.

    No check catches it. While grading, the question then has no score, instead of zero.
    """


class Grade:
    """The checks of one exercise and what they earned.

    points: the exercise's points; the points of its checks, hidden ones included, add up to it.
    """

    def __init__(self, points: float):
        self.points = float(points)
        self._rng: np.random.Generator | None = None
        self._checks = CheckList(self.points)
        self._patience: list[Patience] = []

    @property
    def rng(self) -> np.random.Generator:
        """To draw inputs from. While grading it differs from student to student."""
        if self._rng is None:
            self._rng = np.random.default_rng(int(os.environ.get("GRADER_SEED", "0")))
        return self._rng

    def __call__(
        self, label: str, points: float, nudge: str = "", ask: str = "", *, contract: bool = False
    ) -> Check:
        """A context manager for one check, worth `points` when its block raises nothing.

        nudge: for a hidden check, the question shown to whoever fails it. It tells the property and never
        the input: "Is your input still what it was?"
        ask: for a visible check, the question for whoever fails it first with a mistake that nobody knows.
        contract: an answer that does nothing holds to it, too ("inputs unchanged"), so it pays only beside
        a check that is none.
        """
        row = Row(label, float(points), _getframe(1).f_lineno, nudge=nudge, ask=ask, contract=contract)
        self._checks.rows.append(row)
        hung = any(patience.is_over for patience in self._patience)
        patience = [Patience(once_more=hung)] if _waits_for_nobody() else []
        self._patience += patience
        return Check(row, *patience, show=self._show)

    def total(self) -> float:
        """Show the checks and return the points earned, a built-in float: the cell's last value.

        In the student's own copy, where the hidden checks are absent, passing every check that is
        there counts as full points, so that Validate says so. There the points are not shown a second
        time as the cell's last value, and what failed gets a question.
        """
        self._checks.settle()
        earned = self._checks.earned
        passed = earned == self._checks.offered
        run_by = os.environ.get("NBGRADER_EXECUTION")
        self._show(None if run_by else self._question(earned))
        cell_marks.note(passed)
        if run_by == "validate" and earned < self._checks.offered:
            raise _FailedChecks(self._checks.text())  # Validate shows this, and no display
        points = self.points if passed and run_by != "autograde" else float(min(earned, self.points))
        return points if run_by or find_shell() is None else _ShownPoints(points)

    def _question(self, earned: float) -> Question | None:
        """The tutor's, for whom this run counts as a try; None where nothing is asked."""
        if self._checks.is_not_started or find_shell() is None:
            return None
        from cs231nlib import tutor  # nothing that grading needs

        failures = [(row.label, row.message, row.ask) for row in self._checks.failures]
        return tutor.note(failures, earned, self.points)

    def _show(self, question: Question | None = None) -> None:
        rows = [vars(row) for row in self._checks.rows]
        text, page = ("", "") if is_unread() else (self._checks.text(), self._checks.html())
        if question:
            text, page = f"{text}\n{question.text()}", page + question.html()
        try:
            from IPython.display import display
        except ImportError:
            print(text)
            return
        display({MIME: rows, "text/plain": text, "text/html": page}, raw=True)


class _ShownPoints(float):
    """The points as a cell's last value that shows nothing: the checks above it have said so already."""

    def _ipython_display_(self) -> None:
        pass


class _FailedChecks(AssertionError):
    """What Validate shows of a test: its checks, and no traceback through code of ours."""

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


def _waits_for_nobody() -> bool:
    """Whether this is a notebook, where nobody else ends what does not end."""
    here = os.environ.get("NBGRADER_EXECUTION") != "autograde" and find_shell() is not None
    return here and threading.current_thread() is threading.main_thread()
