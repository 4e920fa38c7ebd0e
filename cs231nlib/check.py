"""One check of a `Grade`: a block of a test cell, what it earned, and what its failure says to a student."""

from __future__ import annotations

import html
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cs231nlib import expectations, stumbles
from cs231nlib.patience import STOPPED, Patience
from cs231nlib.progress import LIBRARY
from grader.engine.wire.grade_format import NOT_STARTED, on_row
from grader.engine.wire.origin import Origin

MESSAGE_LIMIT = 1000


@dataclass
class Row:
    """What a check is worth, what it earned and says. Its names are those of the Grade's format."""

    label: str
    max: float
    line: int
    points: float = 0.0
    passed: bool = False
    message: str = ""
    nudge: str = ""
    ask: str = ""
    contract: bool = False  # an answer that does nothing passes it, too
    faults: list[str] = field(default_factory=list)  # of kind, where the numbers are right


class Check:
    """The context manager of a block, whose end `row` tells. `show` is called where the student stops it."""

    def __init__(self, row: Row, patience: Patience | None = None, *, show: Callable[[], None]):
        self._row, self._patience, self._show = row, patience, show
        self._warnings = warnings.catch_warnings()
        self._collecting = expectations.collecting(row.faults)

    def __enter__(self) -> None:
        self._warnings.__enter__()  # stock nbgrader gives 0 to a cell that warns, however right it is
        warnings.simplefilter("ignore")
        self._collecting.__enter__()
        if self._patience:
            self._patience.start()

    def __exit__(self, kind: type | None, error: BaseException | None, trace: Any) -> bool:
        stopped = self._patience.stop(kind is KeyboardInterrupt) if self._patience else ""
        self._warnings.__exit__(kind, error, trace)
        self._collecting.__exit__(None, None, None)
        if error is None:
            self._row.passed, self._row.points = True, self._row.max
            return False
        if settle := getattr(error, "settle", None):  # while grading: what no `except` of a test may catch
            self._row.message = settle()
        elif stopped:
            self._row.message = stopped
            if stopped == STOPPED:  # by the student, who wants no more of it
                self._show()
                return False
        elif isinstance(error, Exception):
            self._row.message = _message(error, trace.tb_frame.f_code.co_filename)
            if isinstance(error, expectations.Mistake):
                self._row.ask = error.ask or self._row.ask
        for tell in on_row:
            tell(self._row.label, self._row.message)
        return bool(self._row.message)


def _message(error: Exception, test: str) -> str:
    if isinstance(error, NotImplementedError) and not isinstance(error, stumbles.Unfinished):
        return NOT_STARTED
    origin = Origin(error, test, LIBRARY)
    place = getattr(error, "place", "") or origin.place  # the former of one that arose elsewhere
    return f"{_what(error, origin.what.strip())[:MESSAGE_LIMIT]}\n{place}".strip()


def _what(error: Exception, text: str) -> str:
    if isinstance(error, AssertionError | stumbles.Unfinished):
        return text or "This does not hold yet."
    if isinstance(error, NameError) and error.name:
        return f"{error.name} is not defined: run the cell that defines it, then this one again."
    return f"{type(error).__name__}: {text}".removesuffix(": ")


def row_html(row: Row) -> str:
    """A check as a line of HTML, its message below; every text escaped."""
    mark, colour = ("✓", "#007a5e") if row.passed else ("✗", "#c0410a")
    badge = (
        f"background:{colour};color:#fff;border-radius:.3em;padding:0 .3em"  # legible in a dark theme, too
    )
    message = html.escape(row.message).replace("\n", "<br>")
    note = f'<div style="margin:.1em 0 .5em 1.6em">{message}</div>' if message else ""
    return (
        f'<div><span style="{badge}">{mark}</span> {html.escape(row.label)} '
        f'<span style="opacity:.65">{row.points:g}/{row.max:g}</span></div>{note}'
    )
