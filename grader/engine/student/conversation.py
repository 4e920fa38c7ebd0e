"""One conversation with the judge: its question, what the student's code asks meanwhile, the answer."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Collection
from typing import Any

from grader.engine.student.floor import Floor
from grader.engine.student.handles import MAX_DOC, MAX_NAME, Handles
from grader.engine.student.in_place import containing
from grader.engine.wire.channel import Channel, WireClosed, WireError
from grader.engine.wire.decoding import Decoder
from grader.engine.wire.encoding import Encoder
from grader.engine.wire.origin import Origin
from grader.engine.wire.outputs import OutputCapture
from grader.engine.wire.random_state import RandomState
from grader.engine.wire.values import GENERATORS, restore


class Conversation:
    """Over `channel`. perform: answers a question (decoder, operation, arguments) by a `reply`.

    capture: what the student's code shows. The judge asks for it where a reply says that there is some.
    """

    def __init__(self, channel: Channel, capture: OutputCapture, perform: Callable[..., None]):
        self.channel, self._capture, self._perform = channel, capture, perform
        self.handles = Handles(self.call_back)
        self.random = RandomState()
        self.floor = Floor()
        self.library = ""  # the module that the judge lends functions in

    def receive(self) -> tuple[Decoder, tuple]:
        decoder = Decoder(self.channel.receive(), self.handles.admit)
        message = decoder.value()
        self.floor.heard(question=message[0] not in ("returned", "raise"))
        return decoder, message

    def _send(self, *message: Any) -> list:
        """Send a message, ended by news of the random state; the changeable objects in it."""
        encoder = Encoder(self.handles.export, stays=self.handles.stays)
        encoder.add((*message, self.random.news()))
        self.channel.send(encoder.parts)
        return encoder.objects

    def answer(self, received: tuple[Decoder, tuple]) -> None:
        decoder, (operation, state, *arguments) = received
        try:
            self.random.set(state)
            self._perform(decoder, operation, arguments)
        except WireClosed:
            raise
        except BaseException as error:
            self._send_error(error)

    def _send_error(self, error: BaseException) -> None:
        cause = Origin(error, library=self.library)
        try:
            message, place = cause.what[:MAX_DOC], cause.place
        except BaseException:
            message, place = "(the exception has no readable message)", ""
        kind = ValueError if isinstance(error, WireError) else type(error)  # what it returned cannot cross
        bases = [c.__name__[:MAX_NAME] for c in kind.__mro__]
        origin = getattr(error, "judge_error", None)
        self.floor.answer(self._send, "raised", bases, message, place, origin, self._shown())

    def reply(
        self,
        result: Any,
        objects: list | tuple = (),
        changed: Collection[int] = (),
        let_in: bool = False,
        link: Any = None,
    ) -> None:
        """Send a result that may refer to the `objects` of the call, and the contents of the changed ones."""
        encoder = Encoder(self.handles.export, objects, self.handles.stays)
        news = [i for i in changed if let_in or isinstance(objects[i], GENERATORS)]
        if changed:
            encoder.forget(containing(objects, set(changed) - set(news)))

        def send() -> None:
            encoder.add(("result", tuple(changed), tuple(news), self.random.news(), link, self._shown()))
            for index in news:
                encoder.contents(objects[index])
            encoder.add(result)
            self.channel.send(encoder.parts)

        self.floor.answer(send)

    def _shown(self) -> bool:
        """Whether there is something to ask `outputs` for."""
        return bool(self._capture.outputs or self._capture.overflowed)

    def call_back(self, key: int, args: tuple, kwargs: dict) -> Any:
        """Call a function of the judge's; it may call student code before it returns."""
        objects = self.floor.ask(self._send, "call", key, args, kwargs)
        decoder, message = self.receive()
        while message[0] not in ("returned", "raise"):
            self.answer((decoder, message))
            decoder, message = self.receive()
        kind, news, drawn, *answer = message
        self.random.set(news)
        for generator, state in zip((o for o in objects if isinstance(o, GENERATORS)), drawn, strict=True):
            restore(generator, state, decoder.collisions)
        if kind == "raise":
            raise _judges_error(*answer)
        return answer[0]


def _judges_error(name: str, message: str, key: int) -> Exception:
    kind = getattr(builtins, name, None)
    if not (isinstance(kind, type) and issubclass(kind, Exception)):
        kind = RuntimeError
    error = kind(message)
    vars(error)["judge_error"] = key
    return error
