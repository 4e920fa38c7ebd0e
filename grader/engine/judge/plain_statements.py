"""The instructor's plain statements, as the judge runs them before a test."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from types import CodeType
from typing import TYPE_CHECKING, Any

from grader.engine.judge.student_errors import ENDS, StudentGone, TooLong

if TYPE_CHECKING:
    from grader.engine.judge.allowance import Allowance
    from grader.engine.judge.compiled_test import CompiledTest
    from grader.engine.judge.student_cells import StudentCells
    from grader.engine.judge.tester import Tester


def run_plain(step: CodeType, names: dict[str, Any]) -> None:
    """Run statements of a plain cell; where they fail, a test will miss what is not there."""
    try:
        exec(step, names)
    except ENDS:
        raise
    except BaseException:
        return


def run_plain_before(
    compiled: CompiledTest, tester: Tester, student: StudentCells, allow: Callable[[str], Allowance]
) -> None:
    """Run what stands before a test and did not run yet, each cell's in a time of its own.

    One that takes longer, or ends the student's process, has failed: it costs the tests that miss what it
    makes, and no other. allow: begins the time for a source.
    """
    with student.checkpoints as link:
        link.forget()
    for source, step in tester.plain_before(compiled):
        try:
            with student.checkpoints as link, contextlib.suppress(TooLong):
                tester.run_plain(step, compiled, link, partial(allow, source))
        except StudentGone as gone:
            student.lost(gone)
