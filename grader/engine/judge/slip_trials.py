"""Which slip of the right answer ends as a lost question did: the checks that fail, with the same words.

A run ends at the first check that fails otherwise, so most slips cost a part of a test cell. Only where the
first check that failed tells a value is there evidence, and no other may tell another one.
"""

from __future__ import annotations

import contextlib
import io
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from grader.engine.judge.outcome import Outcome
from grader.engine.judge.rerun import Differs, outcome_of, told_of_rows
from grader.engine.judge.testcell import TestRun
from grader.notebook.evidence import has_value, mark, marks_of, shown, unread
from grader.notebook.slips import slips
from grader.records import Check

MOST = 120  # slips of one answer
CPU_SECONDS = 0.4  # for the slips of one question
SECONDS = 0.3  # for one of them


def alike(failing: Sequence[Check], run: TestRun, own: dict, seed: int, solution: str) -> str:
    """What to ask where a slip of `solution` fails as the checks `failing` say, or empty."""
    marks = marks_of(failing)
    if not any(map(has_value, marks)):
        return ""
    ends = time.process_time() + CPU_SECONDS
    for hint, outcome in _endings(run, own, seed, solution, marks[0]):
        if outcome and _agree(failing, outcome.checks):
            return hint
        if time.process_time() > ends:
            break
    return ""


def _agree(failing: Sequence[Check], others: Sequence[Check]) -> bool:
    """Whether two rows of checks fail with the same values, all of them or those that a notebook shows."""
    return _same(failing, others) or _same(shown(failing), shown(others))


def _same(failing: Sequence[Check], others: Sequence[Check]) -> bool:
    """Whether they fail with the same values: in all, or in two at least and differ in none."""
    values, theirs = _values(failing), _values(others)
    both = values.keys() & theirs.keys()
    same = bool(both) and all(values[label] == theirs[label] for label in both)
    return same and (len(both) > 1 or marks_of(failing) == marks_of(others))


def _values(checks: Iterable[Check]) -> dict[str, str]:
    """label -> mark, of those that fail with a value."""
    marks = ((check.label, mark(check.label, check.message)) for check in checks if not check.passed)
    return {label: one for label, one in marks if has_value(one)}


def _endings(
    run: TestRun, own: dict, seed: int, solution: str, first: str
) -> Iterator[tuple[str, Outcome | None]]:
    """What to ask and how the test cell ends, of each slip; early, where its first mark is not `first`."""

    def compare(label: str, message: str) -> None:
        if not met and mark(label, message) != first:
            raise Differs
        met.append(label)

    for slip in islice(slips(solution), MOST):
        met: list[str] = []
        silence = contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO())
        with silence[0], silence[1], unread(), told_of_rows(compare):
            yield slip.hint, outcome_of(slip.answer, run, own, seed, SECONDS)
