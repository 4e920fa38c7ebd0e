"""The reference lends a function where a student's own cannot be built upon, so that no mistake cascades.

The function itself stays in the judge: the student's process gets a name that calls back. Lent are the
functions of a question that lost points, for the questions after it, and the functions of earlier chapters,
as the module that the course's later chapters import from. Classes are not lent.
"""

from __future__ import annotations

import signal
import sys
import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from grader.engine.judge.alarm import Alarm
from grader.engine.judge.allowance import Allowance
from grader.engine.judge.student_errors import TooLong

SECONDS = 10.0  # for one call
REFERENCE = "reference"  # what functions written in the reference have as their module


@dataclass(frozen=True)
class Loan:
    """Functions to put into a student process: as names of the notebook, or as those of a module."""

    functions: Mapping[str, Callable]
    module: str = ""


class Lender:
    """Lends functions and remembers which of them student code has called since `called` was last asked."""

    def __init__(self):
        self._called: set[str] = set()

    def loan(self, names: Iterable[str], owned: Mapping[str, Any], module: str = "") -> Loan:
        """A loan of those `names` that are functions written in the reference, not merely named there."""
        found = {name: owned[name] for name in sorted(names) if name in owned}
        functions = {name: self._lent(name, f) for name, f in found.items() if _is_written_here(f)}
        return Loan(functions, module)

    def called(self) -> str:
        """A sentence about the lent functions that were called, or nothing; then start anew."""
        names, self._called = sorted(self._called), set()
        return f"For this the course's own {', '.join(names)} stood in for yours." if names else ""

    def _lent(self, name: str, function: Callable) -> Callable:
        def lent(*args, **kwargs):
            self._called.add(name)
            return _in_time(function, args, kwargs)

        lent.__name__ = name
        return lent


def _is_written_here(value: Any) -> bool:
    """A function of a cell; one that a cell only took from a library, the student's process has as well."""
    return isinstance(value, types.FunctionType) and value.__module__ == REFERENCE


def _in_time(function: Callable, args: tuple, kwargs: dict) -> Any:
    """Call with a bound on the time; a test cell that runs has an alarm of its own."""
    if signal.getitimer(signal.ITIMER_REAL)[0]:
        return function(*args, **kwargs)
    try:
        with Alarm(Allowance(SECONDS)):
            return function(*args, **kwargs)
    except TooLong:
        raise TimeoutError("the lent function did not end in time") from None


def make_library(name: str, chapters: Iterable[tuple[str, Iterable[str]]]) -> types.ModuleType:
    """The module `name` as a student has it who finished the chapters: (source, names to keep) of each.

    From then on importing it finds this in this process.
    """
    library = sys.modules[name] = types.ModuleType(name)
    for source, names in chapters:
        defined: dict[str, Any] = {"__name__": REFERENCE}
        exec(source, defined)
        vars(library).update({kept: defined[kept] for kept in names if kept in defined})
    return library
