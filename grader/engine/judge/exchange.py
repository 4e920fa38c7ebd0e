"""One question of the judge's to a student process, and its answer. What is no answer: that process is lost.

In-place changes of arguments. Student code may change an array it was given. With `let_in` the change
reaches the judge's array, as in the student's own notebook; without it the judge's array stays as it was,
and a result that is the changed array arrives as a value of its own. `changes` collects which function
changed something either way; `grader.engine.judge.testcell` says how a verdict is drawn from that.
"""

from __future__ import annotations

from typing import Any, NoReturn

from grader.engine.judge.callbacks import Callbacks
from grader.engine.judge.edits import FetchedObjects
from grader.engine.judge.object_table import ObjectTable
from grader.engine.judge.student_errors import CannotCross, StudentGone, TooLong, error_class
from grader.engine.wire.channel import Channel, WireClosed, WireError, WireTimeout
from grader.engine.wire.decoding import Decoder
from grader.engine.wire.encoding import Encoder
from grader.engine.wire.random_state import RandomState
from grader.engine.wire.values import GENERATORS, bit_state, restore
from grader.records import Status

MAX_PLACE = 400  # characters
_PARTS = {"result": 6, "raised": 7, "call": 5}  # of the messages that come from there


class Exchange:
    """Questions and answers over `channel`. `lent`: the functions that student code may call at any time."""

    def __init__(self, channel: Channel, lent: list):
        self.channel = channel
        self.random = RandomState()
        self.let_in = False
        self.operators: frozenset[str] = frozenset()  # that classes of the course's own answer define
        self.changes: list[str] = []
        self.callbacks = Callbacks()
        self.gone: StudentGone | None = None  # why the process over there answers no more
        self._objects = ObjectTable(self, lent)
        self._fetched = FetchedObjects()
        self._seconds = 0.0  # that the cell may take
        self._shown = False  # something over there waits to be asked for (a claim)

    def _ask(self, operation: str, *arguments: Any, linked: Any = None, name: str = "") -> Any:
        if self.gone:
            raise self.gone
        self._push_edits()
        try:
            return self._put(operation, arguments, linked, name)
        except (WireTimeout, TooLong):
            raise self._lost("did not answer in time", Status.TIMED_OUT) from None
        except WireClosed:
            raise self._lost("ended", Status.DIED) from None

    def _put(self, operation: str, arguments: tuple, linked: Any, name: str) -> Any:
        encoder = Encoder(self._objects.export)
        self._add(encoder, (operation, self.random.news(), *arguments))
        self.channel.send(encoder.parts)
        while True:
            decoder = self._decoder()
            kind, *fields = self._read(decoder)
            if kind == "result":
                if operation == "call":
                    decoder.objects[:0] = encoder.objects  # what follows may refer to them
                return self._result(decoder, (operation, encoder.objects), fields, linked, name)
            if kind == "raised":
                self._raise(*fields, ends=operation == "operator" and arguments[0] == "next")
            self._serve_callback(decoder.objects, *fields)

    def _result(self, decoder: Decoder, sent: tuple, fields: list, linked: Any, name: str) -> Any:
        operation, objects = sent
        try:
            changed, restored, news, link, shown = fields
            self.random.set(news)
            self._shown = shown is True
            for index in restored:
                if not (self.let_in and operation == "call") and not isinstance(objects[index], GENERATORS):
                    raise WireError("a change that was not asked for")
                restore(objects[index], decoder.value(), decoder.collisions)
            result = decoder.value()
            if any(not isinstance(objects[index], GENERATORS) for index in changed):
                self.changes.append(name)  # to draw from a generator is no change
        except Exception as error:
            raise self._nonsense(error) from None
        if operation != "call":  # what a call returns may be the test's own: its edits are no news over there
            self._fetched.add(link, result if linked is None else linked)
        return result

    def _raise(
        self, bases: Any, message: Any, place: Any, origin: Any, shown: Any, news: Any, *, ends: bool
    ) -> NoReturn:
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
            function = self._objects.callback(key)
            self.random.set(news)
        except Exception as error:
            raise self._nonsense(error) from None
        kind, *answer = self.callbacks.run(function, args, kwargs)
        drawn = tuple(bit_state(value) for value in objects if isinstance(value, GENERATORS))
        encoder = Encoder(self._objects.export)
        try:
            self._add(encoder, (kind, self.random.news(), drawn, *answer))
        except CannotCross as error:
            kind, *answer = self.callbacks.failed(error)
            encoder = Encoder(self._objects.export)
            encoder.add((kind, None, drawn, *answer))
        self.channel.send(encoder.parts)

    def _push_edits(self) -> None:
        """Tell the student's process what the test changed in place in the objects it fetched from there."""
        for key, value in self._fetched.edited():
            encoder = Encoder(self._objects.export)
            encoder.add(("poke", None, key))
            encoder.contents(value)
            self.channel.send(encoder.parts)
            self._read(self._decoder())

    def _add(self, encoder: Encoder, message: tuple) -> None:
        try:
            encoder.add(message)
        except WireError as error:
            raise CannotCross(str(error)) from None

    def _decoder(self) -> Decoder:
        try:
            return Decoder(self.channel.receive(), self._objects.admit)
        except (WireClosed, WireTimeout):
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
