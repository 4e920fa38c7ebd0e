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

import html
import os
import threading
from sys import _getframe

import numpy as np

from cs231nlib import cell_marks, earlier, scope, stumbles
from cs231nlib.check import Check, Row, row_html
from cs231nlib.expectations import expect, unpack
from cs231nlib.patience import Patience
from cs231nlib.session import find_shell
from grader.engine.wire.grade_format import MIME, NOT_STARTED
from grader.notebook.evidence import AS_ABOVE

__all__ = ["Grade", "NotGraded", "expect", "unpack"]

NOTHING_ELSE = "This counts as soon as another check passes."

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
    rng: np.random.Generator to draw inputs from. While grading it differs from student to student.
    """

    def __init__(self, points: float):
        self.points = float(points)
        self.rng = np.random.default_rng(int(os.environ.get("GRADER_SEED", "0")))
        self._rows: list[Row] = []
        self._patience: list[Patience] = []

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
        self._rows.append(row)
        hung = any(patience.is_over for patience in self._patience)
        patience = [Patience(once_more=hung)] if _waits_for_nobody() else []
        self._patience += patience
        return Check(row, *patience, show=self._show_so_far)

    def total(self) -> float:
        """Show the checks and return the points earned, a built-in float: the cell's last value.

        In the student's own copy, where the hidden checks are absent, passing every check that is
        there counts as full points, so that Validate says so. There the points are not shown a second
        time as the cell's last value, and what failed gets a question.
        """
        self._charge_contract()
        self._charge_kind()
        self._say_once()
        earned = sum(row.points for row in self._rows)
        offered = sum(row.max for row in self._rows)
        run_by = os.environ.get("NBGRADER_EXECUTION")
        self._show(earned, offered, None if run_by else self._exercise(earned))
        cell_marks.note(earned == offered)
        if run_by == "validate" and earned < offered:
            raise _FailedChecks(self._text(earned, offered))  # Validate shows this, and no display
        grading = run_by == "autograde"
        points = self.points if earned == offered and not grading else float(min(earned, self.points))
        return points if run_by or find_shell() is None else _ShownPoints(points)

    def _charge_contract(self) -> None:
        """What an answer that does nothing holds to, too, is paid once anything else is right."""
        if any(row.passed and not row.contract for row in self._rows):
            return
        for row in filter(lambda row: row.passed, self._rows):
            row.passed, row.points, row.message = False, 0.0, NOTHING_ELSE
            row.nudge = row.nudge and NOTHING_ELSE

    def _charge_kind(self) -> None:
        """A list in the place of an array costs the smallest check that met it, visible ones first."""
        met = [row for row in self._rows if row.passed and row.faults]
        if met and not any(row.message in row.faults for row in self._rows):
            row = min(met, key=lambda row: (bool(row.nudge), row.max))
            row.passed, row.points, row.message = False, 0.0, row.faults[0]

    def _say_once(self) -> None:
        """An error that stopped several checks at the same place is told in the first one."""
        told = set()
        for row in self._rows:
            repeated = row.message in told
            if "\nline " in row.message and not row.nudge:
                told.add(row.message)
                row.message = AS_ABOVE if repeated else row.message

    def _exercise(self, earned: float):
        """What the tutor knows of this test's exercise, for which this run counts as a try; or None."""
        if self._not_started or find_shell() is None:
            return None
        from cs231nlib import tutor  # nothing that grading needs

        failing = [(row.label, row.message, row.ask) for row in self._rows if not row.passed]
        exercise = tutor.note(failing, earned, self.points)
        return exercise if failing else None

    @property
    def _not_started(self) -> bool:
        return bool(self._rows) and all(row.message == NOT_STARTED for row in self._rows)

    def _show(self, earned: float, offered: float, exercise=None) -> None:
        rows = [vars(row) for row in self._rows]
        text = self._text(earned, offered)
        page = self._html(earned, offered)
        if exercise:
            from cs231nlib import tutor

            text, page = f"{text}\n{tutor.question_text(exercise)}", page + tutor.question_html(exercise)
        try:
            from IPython.display import display
        except ImportError:
            print(text)
            return
        display({MIME: rows, "text/plain": text, "text/html": page}, raw=True)

    def _show_so_far(self) -> None:
        self._show(sum(row.points for row in self._rows), sum(row.max for row in self._rows))

    def _summary(self, earned: float, offered: float) -> str:
        if self._not_started:
            return "Not started yet: write your answer in the cell above, run it, then run this one again."
        hidden = self.points - offered
        if hidden <= 0:
            return f"{earned:g} of {offered:g} points"
        more = f"{hidden:g} points are" if hidden != 1 else "1 point is"
        return f"{earned:g} of {self.points:g} points so far; {more} in checks that grading makes"

    def _text(self, earned: float, offered: float) -> str:
        lines = []
        for row in [] if self._not_started else self._rows:
            lines.append(f"{'✓' if row.passed else '✗'} {row.label}  [{row.points:g}/{row.max:g}]")
            lines += [f"    {line}" for line in row.message.splitlines()]
        return "\n".join([*lines, self._summary(earned, offered)])

    def _html(self, earned: float, offered: float) -> str:
        rows = "" if self._not_started else "".join(map(row_html, self._rows))
        summary = html.escape(self._summary(earned, offered))
        return f'<div style="max-width:46em">{rows}<p><strong>{summary}</strong></p></div>'


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
