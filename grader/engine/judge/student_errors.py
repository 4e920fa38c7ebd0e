"""What goes wrong over there, as exceptions here: the student's own, a lost process, what cannot cross."""

from __future__ import annotations

import builtins
from typing import ClassVar

import numpy as np

from grader.notebook.evidence import HANGS
from grader.records import Status

BUILTIN_ERRORS = {n: c for n, c in vars(builtins).items() if isinstance(c, type) and issubclass(c, Exception)}
del BUILTIN_ERRORS["ExceptionGroup"]  # cannot be made without its exceptions
BUILTIN_ERRORS["LinAlgError"] = np.linalg.LinAlgError
ENDED = "It ended the whole process it ran in, or was stopped for what it used up."
NOT_REACHED = "Not reached: a check above did not come to its end."


class StudentError(Exception):
    """Raised by student code; its class also derives from the nearest built-in exception of the original.

    place: where in the student's code it arose; "" where that is unknown.
    """

    place: str = ""


class StudentGone(BaseException):
    """The student's process ended, hung or spoke nonsense: the question is over. `status` says how.

    A check of a Grade bears it, and those after it: what was earned before them stays. `detail` is for staff.
    """

    def __init__(self, message: str, status: Status, seconds: float = 0.0, detail: str = ""):
        super().__init__(message)
        self.status, self.detail, self._seconds, self.settled = status, detail, seconds, 0

    def settle(self) -> str:
        """What to say to the student of the check that meets it."""
        self.settled += 1
        if self.settled > 1:
            return NOT_REACHED
        return HANGS.format(round(self._seconds)) if self.status is Status.TIMED_OUT else ENDED


class TooLong(BaseException):
    """The time of a test cell is over."""


class CannotCross(BaseException):
    """A test idiom that cannot be judged from outside the student's process; the message names it.

    No `except Exception` of a test catches it; one that a test catches all the same counts at the end of the
    run, as long as it is `pending`.
    """

    pending: ClassVar[list[CannotCross]] = []

    def __init__(self, message: str):
        super().__init__(message)
        self.pending.append(self)

    def settle(self) -> str:
        """A check of a Grade bears the loss: the other checks of the cell count. What to say of it."""
        self.pending.remove(self)
        return str(self)


# What no code of the instructor's raises; SystemExit, and what pytest.raises raises, are its own.
ENDS = (StudentGone, TooLong, KeyboardInterrupt, GeneratorExit)


def error_class(names: list[str], but: tuple[str, ...] = ()) -> type[StudentError]:
    """The exception class for a student's exception with these class names, nearest first; none of `but`."""
    known = next((BUILTIN_ERRORS[n] for n in names if n in BUILTIN_ERRORS and n not in but), Exception)
    bases = (StudentError,) if known is Exception else (StudentError, known)
    # A KeyError quotes twice, a UnicodeDecodeError is made of five arguments.
    plain = {"__module__": "student", "__str__": Exception.__str__, "__init__": Exception.__init__}
    return type(class_name(names[0] if names else ""), bases, plain)


def class_name(claim: str) -> str:
    """The last part of a qualified name, when it is fit for a class."""
    name = claim.rpartition(".")[2][:80]
    return name if name.isidentifier() else "object"
