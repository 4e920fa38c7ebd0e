"""A test cell once more in the judge, with an answer of the author's in the place of the student's."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from types import CodeType

from grader.engine.judge.alarm import Alarm
from grader.engine.judge.allowance import Allowance
from grader.engine.judge.outcome import Outcome
from grader.engine.judge.student_errors import TooLong
from grader.engine.judge.testcell import TestRun
from grader.engine.wire.grade_format import on_row
from grader.engine.wire.random_state import seed_all

SECONDS = 2.0  # for one answer


class Differs(Exception):
    """The checks of this answer are not those of the student's: to be raised by who is told of rows."""


def outcome_of(
    answer: CodeType, run: TestRun, own: dict, seed: int, seconds: float = SECONDS
) -> Outcome | None:
    """How the test cell ends with this answer; None where the answer itself does not run.

    own: the names that the author's cells define before it.
    """
    wrong = own | {"__name__": "__main__"}  # as a student's: an error is told with what did not fit there
    allowance = Allowance(seconds)
    try:
        with Alarm(allowance):
            exec(answer, wrong)
    except (Exception, TooLong):
        return None
    answers = {name: wrong[name] for name in run.compiled.test.remote if name in wrong}
    seed_all(seed)
    before = dict(run.names)
    run.names.update(answers)
    outcome = TestRun(run.compiled, run.names, run.publisher).outcome(allowance)
    run.names.clear()
    run.names.update(before)
    return outcome


@contextlib.contextmanager
def told_of_rows(tell: Callable[[str, str], None]) -> Iterator[None]:
    """Meanwhile `tell(label, message)` hears of each check that fails; what it raises ends the test cell."""
    on_row.append(tell)
    try:
        yield
    finally:
        on_row.remove(tell)
