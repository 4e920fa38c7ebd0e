"""Which known-wrong answer does a lost question look like? Told by behaviour, not by text.

When a test cell gives less than its points, it runs again here in the judge with each known-wrong answer of
the author's in the place of the student's, from the same seed. The first whose checks end the same, label
by label and message by message, gives its hint. Where none does, as with two mistakes at once, the first
failing check may still tell: the same wrong number from the same input is no chance, so the one mistake that
gives it there gives its hint; so does the one whose visible checks end the same. Two that do are no answer:
then the checks themselves may tell a mistake that any exercise can meet, or the right answer with one small
change ends alike (`slip_trials`), or the first that failed has a question of its own; else that of the
exercise is better than a wrong guess. The sources are the author's own and trusted; each run is bounded in
time.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import CodeType
from typing import Any

from grader.engine.judge.compiled_test import CompiledTest
from grader.engine.judge.lending import REFERENCE
from grader.engine.judge.outcome import Outcome
from grader.engine.judge.plain_statements import run_plain
from grader.engine.judge.rerun import Differs, outcome_of, told_of_rows
from grader.engine.judge.slip_trials import alike
from grader.engine.judge.testcell import TestRun
from grader.engine.wire.grade_format import NOT_STARTED
from grader.notebook.common_mistakes import question_for
from grader.notebook.evidence import (
    AS_ABOVE,
    essence,
    first_question,
    has_value,
    mark,
    marks_of,
    recognise_first,
    shown,
    unread,
)
from grader.notebook.evidence import recognise as recognise_marks
from grader.records import Check

ROUNDING = 1e-9  # points


@dataclass(frozen=True)
class CompiledMistake:
    """A known-wrong answer, compiled: what it loses at least, and the hint for whoever gave it."""

    answer: CodeType
    loses: float
    hint: str


class Reference:
    """The names that the instructor's own cells define, as far as the steps have been run."""

    def __init__(self, steps: list[CodeType | CompiledTest]):
        self._steps, self._at, self._names = steps, 0, {"__name__": REFERENCE}

    def before(self, compiled: CompiledTest) -> dict[str, Any]:
        """The names as they are before this test cell."""
        while self._at < len(self._steps) and self._steps[self._at] is not compiled:
            step, self._at = self._steps[self._at], self._at + 1
            if not isinstance(step, CompiledTest):
                run_plain(step, self._names)
        return self._names


def recognise(
    outcome: Outcome,
    run: TestRun,
    reference: Reference,
    known: Iterable[CompiledMistake],
    seed: int,
    solution: str = "",
) -> str:
    """The hint of the known-wrong answer that ends as `outcome` did, else what its checks ask, else empty.

    run: the same test cell, not run yet, over the names as they were before it. solution: the text of the
    instructor's answer, to compare with its slips.
    """
    if outcome.checks and all(check.message == NOT_STARTED for check in outcome.checks):
        return ""  # every known-wrong answer does something
    seen, failing = _behaviour(outcome), [check for check in outcome.checks if not check.passed]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()), unread():
        own = reference.before(run.compiled)
        lost = run.compiled.test.max_points - outcome.points
        fitting = [mistake for mistake in known if mistake.loses <= lost + ROUNDING]
        endings = []
        with _no_longer_than_alike(failing):
            for mistake in sorted(fitting, key=lambda one: -one.loses):  # mostly it loses no more than that
                ending = outcome_of(mistake.answer, run, own, seed)
                if _behaviour(ending) == seen:
                    return mistake.hint
                endings.append((ending.checks if ending else [], mistake.hint))
    found = _alike_at_first(failing, endings) or question_for(_messages(failing, outcome))
    return found or alike(failing, run, own, seed, solution) or first_question(failing)


def what_checks_ask(outcome: Outcome) -> str:
    """The question that follows from what failing checks say, or else the first one's own."""
    failing = [check for check in outcome.checks if not check.passed]
    return question_for(_messages(failing, outcome)) or first_question(failing)


def _messages(failing: Sequence[Check], outcome: Outcome) -> list[str]:
    return [check.message for check in failing] or [outcome.detail or outcome.cause]


def _alike_at_first(failing: Sequence[Check], endings: Sequence[tuple[Sequence[Check], str]]) -> str:
    """The only hint of the mistakes that give the same first value, or else show the same in a notebook."""
    whole = [{"marks": marks_of(checks), "hint": hint} for checks, hint in endings]
    seen = [{"marks": marks_of(shown(checks)), "hint": hint} for checks, hint in endings]
    marks = marks_of(shown(failing))
    return recognise_first(marks_of(failing), whole) or (recognise_marks(marks, seen) if marks else "")


@contextlib.contextmanager
def _no_longer_than_alike(failing: Sequence[Check]) -> Iterator[None]:
    """Meanwhile a run with a known-wrong answer ends where it can no longer be what the student's was.

    Where the first check that failed tells a value, that is this check with another one; else any check that
    fails and that the student's answer passed.
    """
    labels, first = {check.label for check in failing}, next(iter(marks_of(failing)), "")

    def compare(label: str, message: str) -> None:
        if has_value(first):
            other = label == failing[0].label and mark(label, message) != first
        else:
            other = label not in labels
        if other:
            raise Differs

    with told_of_rows(compare) if first else contextlib.nullcontext():
        yield


def _behaviour(outcome: Outcome | None) -> Any:
    """What is compared: points, and the checks or else the exception."""
    if outcome is None or outcome.lost:
        return object()  # like nothing else
    said = list(_once(essence(check.message) for check in outcome.checks))
    rows = [(check.label, check.passed) for check in outcome.checks]
    return outcome.points, (rows, said) if rows else outcome.detail


def _once(messages: Iterable[str]) -> Iterator[str]:
    """The messages, each told once, whether or not the test has said already that it is an earlier one."""
    said = set()
    for message in messages:
        yield AS_ABOVE if message and message in said else message
        said.add(message)
