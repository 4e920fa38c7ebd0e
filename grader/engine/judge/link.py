"""The judge's end of the wire: every call of a test into the student's process goes through a `Link`."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from grader.engine.judge.exchange import Exchange
from grader.engine.judge.handles import Handle
from grader.engine.judge.students_text import StudentsText
from grader.engine.wire.channel import Channel, WireError, connected_pair, send_socket


class Link(Exchange):
    """What is asked of one student process over `channel`, until `deadline` (time.monotonic)."""

    def __init__(self, channel: Channel, lent: list | None = None):
        super().__init__(channel, [] if lent is None else lent)
        self.on_call: Callable[[], None] = lambda: None
        self.on_answer: Callable[[], None] = lambda: None
        self.texts = StudentsText()  # of the cells that ran over there

    def start_cell(self, deadline: float, extended: Callable[[], float] | None = None) -> None:
        """Forget what a former cell fetched; from now on wait as `wait_until` says."""
        self.forget()
        self.wait_until(deadline, extended)

    def wait_until(self, deadline: float, extended: Callable[[], float] | None = None) -> None:
        """From now on wait no longer than to `deadline`, as `extended`."""
        self._seconds = deadline - time.monotonic()
        self.channel.deadline, self.channel.extended = deadline, extended

    def forget(self) -> None:
        """Forget what a former cell fetched."""
        self._fetched.clear()
        self._objects.callbacks.clear()
        self.callbacks.start_cell()
        self.changes.clear()

    # What tests do with handles

    def call(self, function: Handle, args: tuple, kwargs: dict) -> Any:
        return self._use("call", self.let_in, function, list(args), kwargs, name=function.__name__)

    def get(self, handle: Handle, name: str) -> Any:
        return self._use("get", handle, name)

    def set(self, handle: Handle, name: str, value: Any) -> None:
        self._use("set", handle, name, value, linked=value)

    def operator(self, name: str, *args: Any) -> Any:
        return self._use("operator", name, list(args), linked=args[2] if name == "setitem" else None)

    def _use(self, *question: Any, **more: Any) -> Any:
        self.on_call()
        try:
            return self._ask(*question, **more)
        finally:
            if self._shown and not self.gone:
                self.on_answer()

    # What the judge itself asks

    def run_cell(self, source: str, count: int, max_chars: int) -> tuple[bool, list, bool]:
        """Run a cell over there: (ran without error, its claimed outputs, some were dropped)."""
        succeeded, outputs, overflowed = self._demand(3, "cell", source, count, max_chars)
        return succeeded is True, outputs, overflowed is True

    def run_test(self, source: str, rules: tuple, count: int, max_chars: int) -> tuple[Any, list, bool]:
        """Run a test cell over there: (how it failed or None, its outputs, some were dropped), all claims.

        The answer must bear a token that is drawn for this run: what is merely written into the channel by
        a student's function is none."""
        token = secrets.token_hex(16)
        answered, failed, outputs, overflowed = self._demand(
            4, "test", token, source, rules, count, max_chars
        )
        if answered != token:
            raise self._nonsense(WireError("an answer that was not asked for"))
        return failed, outputs, overflowed is True

    def outputs(self, max_chars: int) -> tuple[list, bool]:
        """The outputs since the last cell or the last time; asked for only where there are some."""
        if not self._shown:
            return [], False
        outputs, overflowed = self._demand(2, "outputs", max_chars)
        return outputs, overflowed is True

    def names(self, names: list[str], classes: Iterable[str] = ()) -> dict[str, Any]:
        """The values of those names that the student's cells defined. From now on instances of the student's
        classes with a name of `classes` stay over there, also where they are numbers, texts or containers."""
        (found,) = self._demand(1, "names", names, sorted(classes))
        if not isinstance(found, dict) or not found.keys() <= set(names):
            raise self._nonsense(WireError("other names"))
        return found

    def lend(self, functions: Mapping[str, Callable], module: str) -> None:
        """Let student code call these functions, as names of the notebook or of a module, from now on."""
        lent = self._objects.lent
        lent += [function for function in functions.values() if function not in lent]
        self._demand(1, "lend", module, dict(functions))

    def fork(self, seconds: float) -> Link:
        """A link to a copy of this student process; this one stands by until `back`."""
        self.channel.deadline, self.channel.extended = time.monotonic() + seconds, None
        self._demand(1, "fork")
        ours, theirs = connected_pair()
        send_socket(self.channel.sock, theirs)
        theirs.close()
        return Link(Channel(ours), self._objects.lent)

    def back(self, seconds: float) -> Any:
        """End the copy and take its place: the state before it. Returns the copy's exit code (a claim)."""
        self.channel.deadline, self.channel.extended = time.monotonic() + seconds, None
        return self._demand(1, "back")[0]

    def close(self) -> None:
        self.channel.close()

    def _demand(self, parts: int, operation: str, *arguments: Any) -> tuple:
        """The answer to a question of the judge's own; one that is not of so many parts is nonsense."""
        try:
            answer = self._ask(operation, *arguments)
        except Exception as error:
            raise self._nonsense(error) from None
        answer = (answer,) if parts == 1 else answer
        if not isinstance(answer, tuple) or len(answer) != parts:
            raise self._nonsense(WireError("an answer of another kind"))
        return answer
