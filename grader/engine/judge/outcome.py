"""What one run of a test cell gave, how its errors are told, and what two runs of it grant together."""

from __future__ import annotations

from dataclasses import dataclass, replace

from grader.engine.judge.student_errors import CannotCross, StudentError, StudentGone, TooLong
from grader.engine.wire.capturing_shell import message_of
from grader.records import Check, Status


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
