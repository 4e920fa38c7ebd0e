"""The judge's end of the wire: every call of a test into the student's process goes through a `Link`.

In-place changes of arguments. Student code may change an array it was given. With `let_in` the change
reaches the judge's array, as in the student's own notebook; without it the judge's array stays as it was,
and a result that is the changed array arrives as a value of its own. `changes` collects which function
changed something either way; `grader.testcell` says how a verdict is drawn from that.
"""

from __future__ import annotations

import builtins
import socket
import time
from collections.abc import Callable, Mapping
from typing import Any

from grader.decoding import Decoder
from grader.encoding import Encoder
from grader.fetched import Fetched
from grader.handles import CannotCross, Handle, StudentGone, error_class, handle_class
from grader.randomness import RandomState
from grader.values import restore
from grader.wire import Channel, Closed, Late, WireError, send_socket

MAX_HANDLES = 200_000
MAX_CALLBACK_DEPTH = 40


class Link:
    """Calls into one student process over `channel`, until `deadline` (time.monotonic)."""

    def __init__(self, channel: Channel, lent: list | None = None):
        self.channel = channel
        self._lent: list[Any] = [] if lent is None else lent  # callbacks that outlive a cell, and a fork
        self.random = RandomState()
        self.let_in = False
        self.changes: list[str] = []
        self.on_call: Callable[[], None] = lambda: None
        self._handles: dict[int, Handle] = {}
        self._callbacks: list[Any] = []
        self._errors: list[BaseException] = []
        self._fetched = Fetched()
        self._depth = 0
        self._gone: StudentGone | None = None

    def start_cell(self, deadline: float) -> None:
        """Forget what a former cell fetched; wait no longer than to `deadline` from now on."""
        self.channel.deadline = deadline
        self._fetched.clear()
        self._callbacks.clear()
        self._errors.clear()
        self.changes.clear()

    # What tests do with handles

    def call(self, function: Handle, args: tuple, kwargs: dict) -> Any:
        self.on_call()
        return self._ask("call", self.let_in, function, list(args), kwargs, name=function.__name__)

    def get(self, handle: Handle, name: str) -> Any:
        self.on_call()
        return self._ask("get", handle, name)

    def set(self, handle: Handle, name: str, value: Any) -> None:
        self.on_call()
        self._ask("set", handle, name, value, linked=value)

    def operator(self, name: str, *args: Any) -> Any:
        self.on_call()
        return self._ask("operator", name, list(args), linked=args[2] if name == "setitem" else None)

    # What the judge itself asks

    def run_cell(self, source: str, count: int, room: int) -> tuple[bool, list, bool]:
        """Run a cell over there: (ran without error, its claimed outputs, some were dropped)."""
        succeeded, outputs, overflowed = self._ask("cell", source, count, room)
        return succeeded is True, outputs, overflowed is True

    def outputs(self, room: int) -> tuple[list, bool]:
        """The outputs since the last cell or the last time."""
        outputs, overflowed = self._ask("outputs", room)
        return outputs, overflowed is True

    def names(self, names: list[str]) -> dict[str, Any]:
        """The values of those names that the student's cells defined."""
        found = self._ask("names", names)
        if not isinstance(found, dict) or not found.keys() <= set(names):
            raise self._lost("answered with nonsense", "died")
        return found

    def lend(self, functions: Mapping[str, Callable], module: str) -> None:
        """Let student code call these functions, as names of the notebook or of a module, from now on."""
        self._lent += [function for function in functions.values() if function not in self._lent]
        self._ask("lend", module, dict(functions))

    def fork(self, seconds: float) -> Link:
        """A link to a copy of this student process; this one stands by until `back`."""
        self.channel.deadline = time.monotonic() + seconds
        self._ask("fork")
        ours, theirs = socket.socketpair()
        send_socket(self.channel.sock, theirs)
        theirs.close()
        return Link(Channel(ours), self._lent)

    def back(self, seconds: float) -> Any:
        """End the copy and take its place: the state before it. Returns the copy's exit code (a claim)."""
        self.channel.deadline = time.monotonic() + seconds
        return self._ask("back")

    def close(self) -> None:
        self.channel.close()

    # One question and its answer

    def _ask(self, operation: str, *arguments: Any, linked: Any = None, name: str = "") -> Any:
        if self._gone:
            raise self._gone
        self._push_edits()
        try:
            return self._exchange(operation, arguments, linked, name)
        except Late:
            raise self._lost("did not answer in time", "timed out") from None
        except Closed:
            raise self._lost("ended", "died") from None

    def _exchange(self, operation: str, arguments: tuple, linked: Any, name: str) -> Any:
        encoder = Encoder(self._export)
        self._add(encoder, (operation, self.random.news(), *arguments))
        self.channel.send(encoder.parts)
        while True:
            decoder = self._decoder(encoder.objects)
            message = self._read(decoder)
            if message[0] == "result":
                return self._result(decoder, encoder.objects, message, linked, name)
            if message[0] == "call":
                self._serve_callback(*message[1:])
            elif message[0] == "raised":
                self._raise(*message[1:])
            else:
                raise self._lost("answered with nonsense", "died")

    def _result(self, decoder: Decoder, objects: list, message: tuple, linked: Any, name: str) -> Any:
        try:
            _, changed, told, news, link = message
            self.random.set(news)
            for index in told:
                restore(objects[index], decoder.value())
            result = decoder.value()
            if changed:
                self.changes.append(name)
        except (WireError, ValueError, TypeError, IndexError, KeyError, OverflowError) as error:
            raise self._nonsense(error) from None
        self._fetched.add(link, result if linked is None else linked)
        return result

    def _raise(self, bases: Any, message: Any, lines: Any, origin: Any, news: Any) -> None:
        try:
            self.random.set(news)
            if type(origin) is int and 0 <= origin < len(self._errors):
                raise self._errors[origin]
            error = error_class([str(base) for base in bases])(str(message))
            error.student_traceback = str(lines)
        except (WireError, ValueError, OverflowError) as trouble:
            if trouble in self._errors:
                raise
            raise self._nonsense(trouble) from None
        raise error

    def _serve_callback(self, key: int, args: list, kwargs: dict, news: Any) -> None:
        """Run a function of the test that student code calls; its exception goes there and comes back."""
        try:
            function = self._callback(key)
            self.random.set(news)
        except (IndexError, TypeError, ValueError) as error:
            raise self._nonsense(error) from None
        answer = self._called(function, args, kwargs)
        encoder = Encoder(self._export)
        try:
            self._add(encoder, answer)
        except CannotCross as error:
            self._errors.append(error)
            encoder = Encoder(self._export)
            encoder.add(("raise", None, "TypeError", str(error), len(self._errors) - 1))
        self.channel.send(encoder.parts)

    def _called(self, function: Any, args: Any, kwargs: Any) -> tuple:
        if self._depth >= MAX_CALLBACK_DEPTH:
            return ("raise", None, "RecursionError", "callbacks are nested too deeply", -1)
        self._depth += 1
        try:
            result = function(*args, **kwargs)
            return ("returned", self.random.news(), result)
        except Exception as error:
            self._errors.append(error)
            name = next(c.__name__ for c in type(error).__mro__ if hasattr(builtins, c.__name__))
            return ("raise", self.random.news(), name, str(error)[:2000], len(self._errors) - 1)
        finally:
            self._depth -= 1

    # What crosses by name

    def _export(self, value: Any) -> tuple[bytes, Any]:
        if isinstance(value, Handle):
            if value._link is not self:
                raise CannotCross("an object of an earlier question is no longer there")
            return b"o", value._key
        if callable(value) and not isinstance(value, type):
            return b"k", (self._key_of(value), str(getattr(value, "__name__", "callback")))
        kind = value.__name__ if isinstance(value, type) else type(value).__name__
        raise CannotCross(
            f"handing a {kind} to student code is not possible in a graded test; use plain values"
        )

    def _admit(self, tag: bytes, fields: Any) -> Any:
        if tag == b"k":
            return self._callback(fields)
        if tag != b"h":
            raise WireError("an unknown kind of value")
        key, kind, name, is_callable, doc = fields
        if (
            type(key) is not int
            or kind not in ("class", "function", "object")
            or len(self._handles) > MAX_HANDLES
        ):
            raise WireError("a malformed handle")
        if key not in self._handles:
            kind_of_handle = handle_class(str(name)[:200]) if kind == "object" else Handle
            told = (kind, str(name)[:200], is_callable is True, str(doc)[:2000])
            self._handles[key] = kind_of_handle(self, key, *told)
        return self._handles[key]

    def _key_of(self, function: Any) -> int:
        """Keys of lent functions are negative."""
        if function in self._lent:
            return -1 - self._lent.index(function)
        self._callbacks.append(function)
        return len(self._callbacks) - 1

    def _callback(self, key: int) -> Any:
        return self._lent[-1 - key] if key < 0 else self._callbacks[key]

    def _push_edits(self) -> None:
        """Tell the student's process what the test changed in place in the objects it fetched from there."""
        for key, value in self._fetched.edited():
            encoder = Encoder(self._export)
            encoder.add(("poke", None, key))
            encoder.contents(value)
            self.channel.send(encoder.parts)
            self._read(self._decoder([]))

    # Bytes

    def _add(self, encoder: Encoder, message: tuple) -> None:
        try:
            encoder.add(message)
        except WireError as error:
            raise CannotCross(str(error)) from None

    def _decoder(self, objects: list) -> Decoder:
        try:
            return Decoder(self.channel.receive(), self._admit, objects)
        except (Closed, Late):
            raise
        except (WireError, MemoryError) as error:
            raise self._nonsense(error) from None

    def _read(self, decoder: Decoder) -> tuple:
        try:
            message = decoder.value()
        except WireError as error:
            raise self._nonsense(error) from None
        if not isinstance(message, tuple) or not message:
            raise self._nonsense(WireError("no message"))
        return message

    def _nonsense(self, error: Exception) -> StudentGone:
        return self._lost(f"answered with nonsense ({error})", "died")

    def _lost(self, how: str, status: str) -> StudentGone:
        self._gone = StudentGone(f"the student's code {how}", status)
        return self._gone
