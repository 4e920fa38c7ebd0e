"""Answers the judge's calls, in the student's process; nothing it says is trusted.

The judge sends tuples (operation, random state or None, *arguments); see the `on_` methods. For each call
the reply tells which arguments changed. With `let_in` the changed contents travel too; without it the
judge's copies stay as they were, and a result that is a changed argument travels as a value of its own.
"""

from __future__ import annotations

import builtins
import contextlib
import os
import sys
import types
from typing import Any

import numpy as np

from grader.engine.student import originals
from grader.engine.student.failure import failure
from grader.engine.student.floor import Floor
from grader.engine.student.forks import end, fork, reap
from grader.engine.student.in_place import changed_since, containing, snapshot
from grader.engine.student.operators import OPERATORS
from grader.engine.student.shell import Shell
from grader.engine.wire.abilities import abilities_of
from grader.engine.wire.channel import Channel, Closed, WireError, receive_socket
from grader.engine.wire.decoding import Decoder
from grader.engine.wire.encoding import Encoder
from grader.engine.wire.library_values import CONTAINERS
from grader.engine.wire.origin import Origin
from grader.engine.wire.random_state import RandomState
from grader.engine.wire.values import GENERATORS, restore

MAX_DOC = 2_000
REAP_SECONDS = 0.1


class Callback:
    """A function of the judge's, as student code sees it."""

    def __init__(self, server: Server, key: int, name: str):
        self._server, self._key, self.__name__ = server, key, name

    def __call__(self, *args, **kwargs):
        return self._server.call_back(self._key, args, kwargs)


class Server:
    """Answers the judge over `channel`, with the names of `shell`."""

    def __init__(self, channel: Channel, shell: Shell):
        self.channel, self.shell, self.names = channel, shell, shell.user_ns
        self.objects: dict[int, Any] = {}
        self._ids: dict[int, int] = {}
        self.random = RandomState()
        self.floor = Floor()

    def serve(self) -> None:
        with contextlib.suppress(Closed):
            while True:
                received = self._receive()
                self.shell.listen()
                self._answer(received)

    # What crosses by name

    def export(self, value: Any) -> tuple[bytes, Any]:
        """How an object that stays here is announced: (handle id, kind, name, abilities, docstring)."""
        if isinstance(value, Callback):
            return b"k", value._key
        kind = (
            "class" if isinstance(value, type) else "function" if isinstance(value, _FUNCTIONS) else "object"
        )
        named = value if kind != "object" else type(value)
        doc = getattr(named, "__doc__", None)
        name = str(getattr(named, "__qualname__", kind))[:200]
        return b"h", (self.keep(value), kind, name, abilities_of(value), str(doc)[:MAX_DOC] if doc else "")

    def keep(self, value: Any) -> int:
        key = self._ids.get(id(value))
        if key is None:
            key = self._ids[id(value)] = len(self.objects) + 1
            self.objects[key] = value
        return key

    def admit(self, tag: bytes, fields: Any) -> Any:
        if tag == b"o":
            return self.objects[fields]
        if tag == b"k":
            return Callback(self, *fields)
        raise WireError("an unknown kind of value")

    # Messages

    def _receive(self) -> tuple[Decoder, tuple]:
        decoder = Decoder(self.channel.receive(), self.admit)
        message = decoder.value()
        self.floor.heard(message[0] not in ("returned", "raise"))
        return decoder, message

    def _send(self, *message: Any) -> list:
        """Send a message, ended by news of the random state; the changeable objects in it."""
        encoder = Encoder(self.export)
        encoder.add((*message, self.random.news()))
        self.channel.send(encoder.parts)
        return encoder.objects

    def _answer(self, received: tuple[Decoder, tuple]) -> None:
        decoder, (operation, state, *arguments) = received
        try:
            self.random.set(state)
            getattr(self, f"on_{operation}")(decoder, *arguments)
        except Closed:
            raise
        except BaseException as error:
            self._send_error(error)

    def _send_error(self, error: BaseException) -> None:
        told = Origin(error)
        try:
            message, place = told.what[:MAX_DOC], told.place
        except BaseException:
            message, place = "(the exception has no readable message)", ""
        kind = ValueError if isinstance(error, WireError) else type(error)  # what it returned cannot cross
        bases = [c.__name__[:200] for c in kind.__mro__]
        origin = getattr(error, "judge_error", None)
        with self.floor.answering():
            self._send("raised", bases, message, place, origin, self._shown())

    def _reply(self, result: Any, objects=(), changed=(), let_in=False, link: Any = None) -> None:
        """Send a result that may refer to the `objects` of the call, and the contents of the changed ones."""
        encoder = Encoder(self.export, objects)
        told = [i for i in changed if let_in or isinstance(objects[i], GENERATORS)]
        encoder.forget(containing(objects, set(changed) - set(told)))
        with self.floor.answering():
            encoder.add(("result", tuple(changed), tuple(told), self.random.news(), link, self._shown()))
            for index in told:
                encoder.contents(objects[index])
            encoder.add(result)
            self.channel.send(encoder.parts)

    def _shown(self) -> bool:
        """Whether there is something to ask `outputs` for."""
        return bool(self.shell.capture.outputs or self.shell.capture.overflowed)

    # Operations

    def on_cell(self, _decoder, source: str, count: int, max_chars: int) -> None:
        """Run a cell as number `count`; reply (ran without error, outputs, overflowed)."""
        capture = self.shell.capture
        capture.max_chars = max_chars
        capture.start()
        self.shell.execution_count = count
        result = self.shell.run(source)
        self._reply((result.success, *capture.take()))

    def on_test(self, _decoder, token: str, source: str, count: int, max_chars: int) -> None:
        """Run a test cell in the notebook's own names; reply (token, how it failed or None, outputs,
        overflowed)."""
        capture = self.shell.capture
        capture.max_chars = max_chars
        capture.start()
        self.shell.execution_count = count
        originals.restore()
        result = self.shell.run(source)
        self._reply((token, failure(result, self.names), *capture.take()))

    def on_outputs(self, _decoder, max_chars: int) -> None:
        """Reply (outputs, overflowed) since the last time, and start anew."""
        taken = self.shell.capture.take()
        self.shell.capture.max_chars = max_chars
        self.shell.capture.start()
        self._reply(taken)

    def on_names(self, _decoder, names: list[str]) -> None:
        """Reply those of `names` that are defined, with a handle of each value that can change."""
        found = {name: self.names[name] for name in names if name in self.names}
        self._reply(found, link={name: self._link(value) for name, value in found.items()})

    def on_call(self, decoder, let_in: bool, function: Any, args: list, kwargs: dict) -> None:
        objects = list(decoder.objects)
        before = [snapshot(value) for value in objects]
        result = function(*args, **kwargs)
        changed = [
            i for i in range(len(objects)) if objects[i] is not args and changed_since(objects[i], before[i])
        ]
        self._reply(result, objects, changed, let_in)

    def on_get(self, _decoder, value: Any, name: str) -> None:
        result = getattr(value, name)
        if isinstance(result, types.MappingProxyType):  # the __dict__ of a class
            result = dict(result)
        self._reply(result, link=self._link(result))

    def on_set(self, _decoder, value: Any, name: str, new: Any) -> None:
        setattr(value, name, new)
        self._reply(None, link=self._link(new))

    def on_operator(self, decoder, name: str, args: list) -> None:
        result = OPERATORS[name](*args)
        self._reply(result, link=self._link(args[2] if name == "setitem" else result))

    def on_poke(self, decoder, key: int) -> None:
        """The judge changed in place what it had fetched: change the original too."""
        restore(self.objects[key], decoder.value(), decoder.comparisons)
        self._reply(None)

    def on_lend(self, _decoder, module: str, functions: dict[str, Callback]) -> None:
        """Put functions of the judge's among the notebook's names, or into a module of that name."""
        if module:
            lent = sys.modules.setdefault(module, types.ModuleType(module))
        vars(lent).update(functions) if module else self.names.update(functions)
        self._reply(None)

    def on_fork(self, _decoder) -> None:
        """Stay behind as the state to come back to, while a child goes on over a socket of its own."""
        self._reply(None)
        _note, sock = receive_socket(self.channel.sock)
        if sock is None:
            raise Closed("no socket came for the child")
        child = fork()
        if child == 0:
            os.setpgid(0, 0)
            self.channel.close()
            self.channel = Channel(sock)
            return
        sock.close()
        self._stand_by(child)

    def _stand_by(self, child: int) -> None:
        """Wait until the state is wanted back; then end the child and tell how it ended."""
        try:
            self._receive()
        except Closed:
            reap(REAP_SECONDS)
            raise
        self._reply(end(child))

    def _link(self, value: Any) -> int | None:
        return self.keep(value) if isinstance(value, (np.ndarray, *CONTAINERS)) else None

    def call_back(self, key: int, args: tuple, kwargs: dict) -> Any:
        """Call a function of the judge's; it may call student code before it returns."""
        with self.floor.asking():
            objects = self._send("call", key, args, kwargs)
        decoder, message = self._receive()
        while message[0] not in ("returned", "raise"):
            self._answer((decoder, message))
            decoder, message = self._receive()
        kind, news, drawn, *answer = message
        self.random.set(news)
        for generator, state in zip((o for o in objects if isinstance(o, GENERATORS)), drawn, strict=True):
            restore(generator, state, decoder.comparisons)
        if kind == "raise":
            raise _judges_error(*answer)
        return answer[0]


_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType)


def _judges_error(name: str, message: str, key: int) -> Exception:
    kind = getattr(builtins, name, None)
    if not (isinstance(kind, type) and issubclass(kind, Exception)):
        kind = RuntimeError
    error = kind(message)
    vars(error)["judge_error"] = key
    return error
