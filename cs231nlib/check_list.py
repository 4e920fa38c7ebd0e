"""The checks of a `Grade` together: what they earned, and how a page and a text show them."""

from __future__ import annotations

import html

from cs231nlib.check import Row, row_html
from grader.engine.wire.grade_format import NOT_STARTED
from grader.notebook.evidence import AS_ABOVE

NOTHING_ELSE = "This counts as soon as another check passes."


class CheckList:
    """`rows` of the checks that were made. points: of the exercise, hidden checks included."""

    def __init__(self, points: float):
        self.points = points
        self.rows: list[Row] = []

    @property
    def earned(self) -> float:
        """What the checks earned so far."""
        return sum(row.points for row in self.rows)

    @property
    def offered(self) -> float:
        """What the checks that are there are worth; less than `points` where the hidden ones are absent."""
        return sum(row.max for row in self.rows)

    @property
    def is_not_started(self) -> bool:
        """Whether every check met an answer that nobody began."""
        return bool(self.rows) and all(row.message == NOT_STARTED for row in self.rows)

    @property
    def failures(self) -> list[Row]:
        """The rows of the checks that did not pass."""
        return [row for row in self.rows if not row.passed]

    def settle(self) -> None:
        """Charge what only the checks together show, once all of them were made."""
        self._charge_contract()
        self._charge_kind()
        self._say_once()

    def _charge_contract(self) -> None:
        """What an answer that does nothing holds to, too, is paid once anything else is right."""
        if any(row.passed and not row.contract for row in self.rows):
            return
        for row in filter(lambda row: row.passed, self.rows):
            row.passed, row.points, row.message = False, 0.0, NOTHING_ELSE
            row.nudge = row.nudge and NOTHING_ELSE

    def _charge_kind(self) -> None:
        """A list in the place of an array costs the smallest check that met it, visible ones first."""
        met = [row for row in self.rows if row.passed and row.faults]
        if met and not any(row.message in row.faults for row in self.rows):
            row = min(met, key=lambda row: (bool(row.nudge), row.max))
            row.passed, row.points, row.message = False, 0.0, row.faults[0]

    def _say_once(self) -> None:
        """An error that stopped several checks at the same place is told in the first one."""
        messages = set()
        for row in self.rows:
            is_repeated = row.message in messages
            if "\nline " in row.message and not row.nudge:
                messages.add(row.message)
                row.message = AS_ABOVE if is_repeated else row.message

    def text(self) -> str:
        """The checks, a line each with its message below, and what they earned."""
        lines = []
        for row in [] if self.is_not_started else self.rows:
            lines.append(f"{'✓' if row.passed else '✗'} {row.label}  [{row.points:g}/{row.max:g}]")
            lines += [f"    {line}" for line in row.message.splitlines()]
        return "\n".join([*lines, self._summary()])

    def html(self) -> str:
        """The same as a page shows it, every text escaped."""
        rows = "" if self.is_not_started else "".join(map(row_html, self.rows))
        return (
            f'<div style="max-width:46em">{rows}<p><strong>{html.escape(self._summary())}</strong></p></div>'
        )

    def _summary(self) -> str:
        if self.is_not_started:
            return "Not started yet: write your answer in the cell above, run it, then run this one again."
        hidden = self.points - self.offered
        if hidden <= 0:
            return f"{self.earned:g} of {self.offered:g} points"
        more = f"{hidden:g} points are" if hidden != 1 else "1 point is"
        return f"{self.earned:g} of {self.points:g} points so far; {more} in checks that grading makes"
