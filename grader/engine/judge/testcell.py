"""One run of a test cell in the judge, and what its outcome is worth.

The verdict rule: an exception earns 0; a last expression that is None or absent earns everything; a built-
in int or float from 0 to the maximum earns itself; anything else (bool, np.float64, text, a figure, a
number out of range) earns 0 with the reason. Nothing is full marks by accident. Warnings and stderr cost
nothing.

Arguments changed in place. When a function of the student's changed an argument during a test cell, the
cell runs twice: once with the judge's arrays left as they were, and once with the changes let in, as in the
student's own notebook. What both runs grant is earned. So "zero the input, then return zero" fails the
first run of

    assert_allclose(relu(x), np.maximum(x, 0))

and a function that changes its input fails the second run of

    before = x.copy(); relu(x); assert np.array_equal(x, before)

while both tests read as they always did. A test *of* an in-place update (`sgd(params, grads)`) says so with
a line `# inplace` in the cell, or cell metadata `inplace: true`, and runs once, with the changes let in.
"""

from __future__ import annotations

import ast
import linecache
import math
import signal
import sys
import time
import traceback
from dataclasses import dataclass, replace
from types import CodeType, FrameType
from typing import Any

from grader.engine.judge.allowance import Allowance
from grader.engine.judge.handles import CannotCross, StudentError, StudentGone, TooLong
from grader.engine.wire.capturing_shell import message_of
from grader.engine.wire.outputs import MAX_MESSAGE, clean
from grader.notebook.plan import TestCell, python
from grader.records import Check, Status

GRADE_MIME = "application/vnd.cs231n.grade+json"
NOT_GRADED = "NotGraded"  # the name of the exception by which a test says that this machine lacks something


@dataclass(frozen=True)
class Outcome:
    """What one run of a test cell gave. `hidden` tells that what went wrong stands in a hidden test."""

    points: float
    cause: str = ""
    detail: str = ""
    checks: tuple[Check, ...] = ()
    hidden: bool = False
    lost: Status | None = None  # the status of a student's process that was lost on the way
    hint: str = ""


@dataclass(frozen=True)
class Compiled:
    """A test cell ready to run: its statements, and its last expression apart."""

    test: TestCell
    body: CodeType
    last: CodeType | None
    filename: str


def compile_test(test: TestCell) -> Compiled:
    """The cell ready to run; what only a notebook's shell can run raises SyntaxError when it is run here."""
    filename = f"<test {test.grade_id}>"
    try:
        return _compiled(test, filename)
    except SyntaxError as error:
        return Compiled(test, compile(f"raise SyntaxError({str(error)!r})", filename, "exec"), None, filename)


def show_lines(source: str, filename: str) -> None:
    """Let tracebacks find the lines of a source that stands in no file."""
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)


def _compiled(test: TestCell, filename: str) -> Compiled:
    source = python(test.source)
    show_lines(source, filename)
    tree = ast.parse(source, filename)
    last = None
    if tree.body and isinstance(ending := tree.body[-1], ast.Expr):
        last = compile(ast.Expression(ending.value), filename, "eval")
        tree.body.pop()
    return Compiled(test, compile(tree, filename, "exec"), last, filename)


@dataclass
class TestRun:
    """A run of a test cell over `names`; `publisher` gives it the checks that a Grade displays meanwhile."""

    compiled: Compiled
    names: dict[str, Any]
    publisher: Any
    checks: tuple[Check, ...] = ()

    def outcome(self, allowance: Allowance) -> Outcome:
        """Run the cell for as long as it may take."""
        self.publisher.run = self
        CannotCross.pending.clear()
        try:
            with Alarm(allowance):
                exec(self.compiled.body, self.names)
                value = eval(self.compiled.last, self.names) if self.compiled.last else None
        except StudentGone as error:
            return self._failed(error, lost=error.status)
        except TooLong as error:
            return self._failed(error, lost=Status.TIMED_OUT)
        except (Exception, SystemExit, CannotCross) as error:
            return self._failed(error)
        except BaseException as error:
            if type(error).__name__ != NOT_GRADED:
                raise
            return Outcome(0.0, str(error), checks=self.checks, lost=Status.NOT_GRADED)
        if CannotCross.pending:  # the test caught it, and took it for the answer's
            return self._failed(CannotCross.pending[0])
        points, problem = worth(value, self.compiled.test.max_points)
        return Outcome(points, problem, checks=self.checks)

    def line(self) -> int:
        """The line of the test cell that runs now; 0 outside of it."""
        frame: FrameType | None = sys._getframe(1)
        line = 0
        while frame:
            if frame.f_code.co_filename == self.compiled.filename:
                line = frame.f_lineno
            frame = frame.f_back
        return line

    def in_hidden(self) -> bool:
        return self.line() in self.compiled.test.hidden

    def add_checks(self, rows: list[dict]) -> None:
        self.checks += tuple(map(self._check, rows))

    def _check(self, row: dict) -> Check:
        texts = (clean(row.get(part, ""))[:MAX_MESSAGE] for part in ("label", "message", "nudge"))
        label, message, nudge = texts
        hidden = row["line"] in self.compiled.test.hidden
        return Check(label, float(row["points"]), float(row["max"]), message, hidden, nudge)

    def _failed(self, error: BaseException, lost: Status | None = None) -> Outcome:
        frames = [
            f for f in traceback.extract_tb(error.__traceback__) if f.filename == self.compiled.filename
        ]
        line = (frames[0].lineno if frames else 0) or 0
        hidden = line in self.compiled.test.hidden
        code = linecache.getline(self.compiled.filename, line).strip()
        detail = f"line {line}: {code}: {describe(error)} {getattr(error, 'detail', '')}".rstrip()
        shown = f"a test you cannot see failed ({kind_of(error)})" if hidden else describe(error)
        return Outcome(0.0, shown, detail, self.checks, hidden, lost)


def worth(value: Any, maximum: float) -> tuple[float, str]:
    """The points that the last value of a test cell stands for, and the reason when it is none."""
    if value is None:
        return maximum, ""
    if type(value) in (int, float) and math.isfinite(value) and 0 <= value <= maximum:
        return float(value), ""
    if type(value) in (int, float):
        return 0.0, f"the test's last value is {value}, not a number from 0 to {maximum:g}"
    return 0.0, f"the test's last value is of type {type(value).__name__}; only a plain number is a score"


def describe(error: BaseException) -> str:
    """`ValueError: its message`, the message of an assertion alone."""
    message = message_of(error).strip()
    if isinstance(error, (StudentGone, TooLong)):
        return message
    if isinstance(error, AssertionError):
        return message or "an assertion does not hold"
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def kind_of(error: BaseException) -> str:
    """The built-in name of an exception: never a word of the student's choosing."""
    kinds = (c.__name__ for c in type(error).__mro__ if c.__module__ == "builtins")
    if isinstance(error, (StudentGone, TooLong)):
        return "no answer"
    return "not supported" if isinstance(error, CannotCross) else next(kinds, StudentError.__name__)


def least(first: Outcome, second: Outcome, changed_by: str) -> Outcome:
    """What both runs of a cell grant: row by row where they have the same rows."""
    note = f"{changed_by} changes its argument in place"
    if not _same_rows(first, second):
        low = min(first, second, key=lambda outcome: outcome.points)
        return _noted(low, note if low is second else "")
    checks = tuple(
        a if a.points <= b.points else replace(b, message=_with(b.message, note))
        for a, b in zip(first.checks, second.checks, strict=True)
    )
    low = min(first, second, key=lambda outcome: outcome.points)
    points = min(first.points, second.points, sum(c.points for c in checks)) if checks else low.points
    return Outcome(points, _noted(low, note).cause, low.detail, checks, low.hidden, first.lost or second.lost)


def _same_rows(first: Outcome, second: Outcome) -> bool:
    return [c.label for c in first.checks] == [c.label for c in second.checks]


def _noted(outcome: Outcome, note: str) -> Outcome:
    if not note or not outcome.cause:
        return outcome
    cause = outcome.cause if outcome.hidden else _with(outcome.cause, note)
    return Outcome(outcome.points, cause, outcome.detail, outcome.checks, outcome.hidden, outcome.lost)


def _with(message: str, note: str) -> str:
    return f"{message} ({note})" if message else note


class Alarm:
    """Raises TooLong in the main thread when the allowance is used up, and again each second after."""

    def __init__(self, allowance: Allowance):
        self._allowance, self._rang = allowance, False

    def __enter__(self) -> None:
        self._before = signal.signal(signal.SIGALRM, self._ring)
        self._set(self._allowance.left)

    def __exit__(self, *_why) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, self._before)

    def _ring(self, *_signal) -> None:
        self._rang = not self._rang
        if self._rang:  # Python hands on a SIGCONT that came meanwhile after this one
            return self._set(0.0)
        left = self._allowance.extended() - time.monotonic()
        if left <= 0:
            raise TooLong("the test did not end in time")
        self._set(left)

    def _set(self, seconds: float) -> None:
        signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.01), 1.0)
