"""The judge's end of the wire: every call of a test into the student's process goes through a `Link`.

In-place changes of arguments. Student code may change an array it was given. With `let_in` the change
reaches the judge's array, as in the student's own notebook; without it the judge's array stays as it was,
and a result that is the changed array arrives as a value of its own. `changes` collects which function
changed something either way; `grader.engine.judge.testcell` says how a verdict is drawn from that.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any

from grader.engine.judge.callbacks import Callbacks
from grader.engine.judge.edits import Fetched
from grader.engine.judge.handles import CannotCross, Handle, StudentGone, TooLong, error_class
from grader.engine.judge.object_table import Shared
from grader.engine.judge.students_text import StudentsText
from grader.engine.wire.channel import Channel, Closed, Late, WireError, connected_pair, send_socket
from grader.engine.wire.decoding import Decoder
from grader.engine.wire.encoding import Encoder
from grader.engine.wire.random_state import RandomState
from grader.engine.wire.values import GENERATORS, bit_state, restore
from grader.records import Status

MAX_PLACE = 400  # characters
_PARTS = {"result": 6, "raised": 7, "call": 5}  # of the messages that come from there


class Link:
    """Calls into one student process over `channel`, until `deadline` (time.monotonic)."""

    def __init__(self, channel: Channel, lent: list | None = None):
        self.channel = channel
        self.random = RandomState()
        self.let_in = False
        self.operators: frozenset[str] = frozenset()  # that classes of the course's own answer define
        self.changes: list[str] = []
        self.callbacks = Callbacks()
        self.on_call: Callable[[], None] = lambda: None
        self.on_answer: Callable[[], None] = lambda: None
        self.texts = StudentsText()  # of the cells that ran over there
        self._shared = Shared(self, [] if lent is None else lent)
        self._fetched = Fetched()
        self._seconds = 0.0  # that the cell may take
        self._shown = False  # something over there waits to be asked for (a claim)
        self.gone: StudentGone | None = None  # why the process over there answers no more

    def start_cell(self, deadline: float, extended: Callable[[], float] | None = None) -> None:
        """Forget what a former cell fetched; from now on wait no longer than to `deadline`, as `extended`."""
        self._seconds = deadline - time.monotonic()
        self.channel.deadline, self.channel.extended = deadline, extended
        self._fetched.clear()
        self._shared.callbacks.clear()
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

    def run_test(self, source: str, count: int, max_chars: int) -> tuple[Any, list, bool]:
        """Run a test cell over there: (how it failed or None, its outputs, some were dropped), all claims.

        The answer must bear a token that is drawn for this run: what is merely written into the channel by
        a student's function is none."""
        token = secrets.token_hex(16)
        told, failed, outputs, overflowed = self._demand(4, "test", token, source, count, max_chars)
        if told != token:
            raise self._nonsense(WireError("an answer that was not asked for"))
        return failed, outputs, overflowed is True

    def outputs(self, max_chars: int) -> tuple[list, bool]:
        """The outputs since the last cell or the last time; asked for only where there are some."""
        if not self._shown:
            return [], False
        outputs, overflowed = self._demand(2, "outputs", max_chars)
        return outputs, overflowed is True

    def names(self, names: list[str]) -> dict[str, Any]:
        """The values of those names that the student's cells defined."""
        (found,) = self._demand(1, "names", names)
        if not isinstance(found, dict) or not found.keys() <= set(names):
            raise self._nonsense(WireError("other names"))
        return found

    def lend(self, functions: Mapping[str, Callable], module: str) -> None:
        """Let student code call these functions, as names of the notebook or of a module, from now on."""
        lent = self._shared.lent
        lent += [function for function in functions.values() if function not in lent]
        self._demand(1, "lend", module, dict(functions))

    def fork(self, seconds: float) -> Link:
        """A link to a copy of this student process; this one stands by until `back`."""
        self.channel.deadline, self.channel.extended = time.monotonic() + seconds, None
        self._demand(1, "fork")
        ours, theirs = connected_pair()
        send_socket(self.channel.sock, theirs)
        theirs.close()
        return Link(Channel(ours), self._shared.lent)

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

    # One question and its answer

    def _ask(self, operation: str, *arguments: Any, linked: Any = None, name: str = "") -> Any:
        if self.gone:
            raise self.gone
        self._push_edits()
        try:
            return self._exchange(operation, arguments, linked, name)
        except (Late, TooLong):
            raise self._lost("did not answer in time", Status.TIMED_OUT) from None
        except Closed:
            raise self._lost("ended", Status.DIED) from None

    def _exchange(self, operation: str, arguments: tuple, linked: Any, name: str) -> Any:
        encoder = Encoder(self._shared.export)
        self._add(encoder, (operation, self.random.news(), *arguments))
        self.channel.send(encoder.parts)
        while True:
            decoder = self._decoder()
            kind, *fields = self._read(decoder)
            if kind == "result":
                decoder.objects[:0] = encoder.objects  # what follows may refer to them
                return self._result(decoder, (operation, encoder.objects), fields, linked, name)
            if kind == "raised":
                self._raise(*fields, ends=operation == "operator" and arguments[0] == "next")
            self._serve_callback(decoder.objects, *fields)

    def _result(self, decoder: Decoder, sent: tuple, fields: list, linked: Any, name: str) -> Any:
        operation, objects = sent
        try:
            changed, told, news, link, shown = fields
            self.random.set(news)
            self._shown = shown is True
            for index in told:
                if not (self.let_in and operation == "call") and not isinstance(objects[index], GENERATORS):
                    raise WireError("a change that was not asked for")
                restore(objects[index], decoder.value(), decoder.comparisons)
            result = decoder.value()
            if any(not isinstance(objects[index], GENERATORS) for index in changed):
                self.changes.append(name)  # to draw from a generator is no change
        except Exception as error:
            raise self._nonsense(error) from None
        if operation != "call":  # what a call returns may be the test's own: its edits are no news over there
            self._fetched.add(link, result if linked is None else linked)
        return result

    def _raise(self, bases: Any, message: Any, place: Any, origin: Any, shown: Any, news: Any, *, ends: bool):
        """Raise an exception of the student's. It `ends` an iteration only where one was asked to go on:
        elsewhere that would end a loop of the test's, `all(map(check, inputs))`, as if all had been well."""
        try:
            self.random.set(news)
            self._shown = shown is True
            kind = error_class([str(base) for base in bases], but=() if ends else ("StopIteration",))
            error = self.callbacks.raised(origin) or kind(str(message))
            vars(error)["place"] = str(place)[:MAX_PLACE]
        except Exception as trouble:
            raise self._nonsense(trouble) from None
        raise error

    def _serve_callback(self, objects: list, key: int, args: list, kwargs: dict, news: Any) -> None:
        """Run a function of the test that student code calls; its exception goes there and comes back.

        So does what it drew from the generators among its arguments.
        """
        try:
            function = self._shared.callback(key)
            self.random.set(news)
        except Exception as error:
            raise self._nonsense(error) from None
        kind, *answer = self.callbacks.run(function, args, kwargs)
        drawn = tuple(bit_state(value) for value in objects if isinstance(value, GENERATORS))
        encoder = Encoder(self._shared.export)
        try:
            self._add(encoder, (kind, self.random.news(), drawn, *answer))
        except CannotCross as error:
            kind, *answer = self.callbacks.failed(error)
            encoder = Encoder(self._shared.export)
            encoder.add((kind, None, drawn, *answer))
        self.channel.send(encoder.parts)

    def _push_edits(self) -> None:
        """Tell the student's process what the test changed in place in the objects it fetched from there."""
        for key, value in self._fetched.edited():
            encoder = Encoder(self._shared.export)
            encoder.add(("poke", None, key))
            encoder.contents(value)
            self.channel.send(encoder.parts)
            self._read(self._decoder())

    # Bytes

    def _add(self, encoder: Encoder, message: tuple) -> None:
        try:
            encoder.add(message)
        except WireError as error:
            raise CannotCross(str(error)) from None

    def _decoder(self) -> Decoder:
        try:
            return Decoder(self.channel.receive(), self._shared.admit)
        except (Closed, Late):
            raise
        except (WireError, MemoryError) as error:
            raise self._nonsense(error) from None

    def _read(self, decoder: Decoder) -> tuple:
        try:
            message = decoder.value()
        except WireError as error:
            raise self._nonsense(error) from None
        kind = message[0] if isinstance(message, tuple) and message else None
        if type(kind) is not str or _PARTS.get(kind) != len(message):
            raise self._nonsense(WireError("no message"))
        return message

    def _nonsense(self, error: Exception) -> StudentGone:
        return self._lost("answered with nonsense", Status.DIED, str(error))

    def _lost(self, how: str, status: Status, detail: str = "") -> StudentGone:
        self.gone = StudentGone(f"the student's code {how}", status, self._seconds, detail)
        return self.gone
