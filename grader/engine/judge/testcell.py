"""One run of a test cell in the judge, and what its outcome is worth.

The verdict rule: an exception earns 0; a last expression that is None or absent earns everything; a built-
in int or float from 0 to the maximum earns itself; anything else (bool, np.float64, text, a figure, a
number out of range) earns 0 with the reason. Nothing is full marks by accident, but where a course without
chapters ends a test with a bool, a text or a list, which earns everything in nbgrader. Warnings and stderr
cost nothing.

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

import linecache
import math
import sys
import traceback
from dataclasses import dataclass
from types import FrameType
from typing import Any

import numpy as np

from grader.engine.judge.alarm import Alarm
from grader.engine.judge.allowance import Allowance
from grader.engine.judge.compiled_test import CompiledTest
from grader.engine.judge.deeds import watched
from grader.engine.judge.outcome import Outcome, describe, kind_of
from grader.engine.judge.student_errors import ENDS, CannotCross, StudentGone, TooLong
from grader.engine.wire.admission import clean
from grader.engine.wire.grade_format import NOT_GRADED
from grader.engine.wire.outputs import MAX_MESSAGE
from grader.notebook.plan import TestCell
from grader.records import Check, Status

_NO_NUMBERS = (bool, str, bytes, list, tuple, dict, set, np.bool_, np.ndarray)  # nor is what is shown of them


@dataclass
class TestRun:
    """A run of a test cell over `names`; `publisher` gives it the checks that a Grade displays meanwhile."""

    compiled: CompiledTest
    names: dict[str, Any]
    publisher: Any
    checks: tuple[Check, ...] = ()

    def outcome(self, allowance: Allowance) -> Outcome:
        """Run the cell for as long as it may take."""
        self.publisher.run = self
        CannotCross.pending.clear()
        try:
            with watched(), Alarm(allowance):
                exec(self.compiled.body, self.names)
                value = eval(self.compiled.last, self.names) if self.compiled.last else None
        except StudentGone as error:
            return self._failed(error, lost=error.status)
        except TooLong as error:
            return self._failed(error, lost=Status.TIMED_OUT)
        except ENDS:
            raise
        except Exception as error:  # a student's, too, whatever its class is called
            return self._failed(error)
        except BaseException as error:
            if type(error).__name__ != NOT_GRADED:
                return self._failed(error)
            return Outcome(0.0, str(error), checks=self.checks, lost=Status.NOT_GRADED)
        if CannotCross.pending:  # the test caught it, and took it for the answer's
            return self._failed(CannotCross.pending[0])
        points, problem = worth(value, self.compiled.test)
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
        texts = (clean(row.get(part, ""))[:MAX_MESSAGE] for part in ("label", "message", "nudge", "ask"))
        label, message, nudge, ask = texts
        hidden = row["line"] in self.compiled.test.hidden
        return Check(label, float(row["points"]), float(row["max"]), message, hidden, nudge or ask)

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


def worth(value: Any, test: TestCell) -> tuple[float, str]:
    """The points that the last value of a test cell stands for, and the reason when it is none."""
    if value is None or (test.lenient and type(value) in _NO_NUMBERS):
        return test.max_points, ""
    if type(value) in (int, float) and math.isfinite(value) and 0 <= value <= test.max_points:
        return float(value), ""
    if type(value) in (int, float):
        return 0.0, f"the test's last value is {value}, not a number from 0 to {test.max_points:g}"
    return 0.0, f"the test's last value is of type {type(value).__name__}; only a plain number is a score"
