"""Functions of a test that student code calls: they run here, in the judge, which keeps what they raise."""

from __future__ import annotations

import builtins
from typing import Any

from grader.engine.judge.student_errors import ENDS

MAX_DEPTH = 40
MAX_MESSAGE = 2000


class Callbacks:
    """What the callbacks of one test cell raised, by the number under which it is told over there."""

    def __init__(self):
        self.secret = False  # a hidden test ran in this cell: what its functions say stays here
        self._raised: list[BaseException] = []
        self._depth = 0

    def start_cell(self) -> None:
        self.secret = False
        self._raised.clear()

    def run(self, function: Any, args: Any, kwargs: Any) -> tuple:
        """Call `function`: ("returned", value), or what `failed` says of its exception."""
        if self._depth >= MAX_DEPTH:
            return self.failed(RecursionError("callbacks are nested too deeply"))
        self._depth += 1
        try:
            return ("returned", function(*args, **kwargs))
        except ENDS:
            raise
        except BaseException as error:
            return self.failed(error, secret=self.secret)
        finally:
            self._depth -= 1

    def failed(self, error: BaseException, *, secret: bool = False) -> tuple:
        """("raise", nearest built-in class, message, number) for student code to see and to catch."""
        self._raised.append(error)
        name = next(c.__name__ for c in type(error).__mro__ if hasattr(builtins, c.__name__))
        return ("raise", name, "" if secret else str(error)[:MAX_MESSAGE], len(self._raised) - 1)

    def raised(self, number: Any) -> BaseException | None:
        """The exception of that claimed number."""
        known = type(number) is int and 0 <= number < len(self._raised)
        return self._raised[number] if known else None
