"""Answers the judge's calls, in the student's process; nothing it says is trusted.

The judge sends tuples (operation, random state or None, *arguments); see the `on_` methods. For each call
the reply tells which arguments changed. With `let_in` the changed contents travel too; without it the
judge's copies stay as they were, and a result that is a changed argument travels as a value of its own.
"""

from __future__ import annotations

import contextlib
import os
import sys
import types
from typing import Any

from grader.engine.student import originals
from grader.engine.student.conversation import Conversation
from grader.engine.student.failure import failure
from grader.engine.student.forks import end, fork, reap
from grader.engine.student.handles import Callback
from grader.engine.student.in_place import changed_since, snapshot
from grader.engine.student.operators import OPERATORS
from grader.engine.student.shell import Shell, close_figures
from grader.engine.wire.channel import Channel, WireClosed, WireError, receive_socket
from grader.engine.wire.decoding import Decoder
from grader.engine.wire.values import restore

REAP_SECONDS = 0.1


class Server:
    """Answers the judge over `channel`, with the names of `shell`."""

    def __init__(self, channel: Channel, shell: Shell):
        self.shell, self.names = shell, shell.user_ns
        self.conversation = Conversation(channel, shell.capture, self._perform)
        self._reply, self._link = self.conversation.reply, self.conversation.handles.link

    def serve(self) -> None:
        with contextlib.suppress(WireClosed):
            while True:
                received = self.conversation.receive()
                self.shell.listen()
                self.conversation.answer(received)

    def _perform(self, decoder: Decoder, operation: str, arguments: list) -> None:
        getattr(self, f"on_{operation}")(decoder, *arguments)

    def on_cell(self, _decoder: Decoder, source: str, count: int, max_chars: int) -> None:
        """Run a cell as number `count`; reply (ran without error, outputs, overflowed)."""
        capture = self.shell.capture
        capture.max_chars = max_chars
        capture.start()
        self.shell.execution_count = count
        close_figures()
        result = self.shell.run(source)
        self._reply((result.success, *capture.take()))

    def on_test(
        self, _decoder: Decoder, token: str, source: str, rules: tuple, count: int, max_chars: int
    ) -> None:
        """Run a test cell in the notebook's own names, by the `rules` of `Shell.run_test` and what the course
        itself replaces; reply (token, how it failed or None, outputs, overflowed)."""
        capture = self.shell.capture
        capture.max_chars = max_chars
        capture.start()
        self.shell.execution_count = count
        originals.restore(self.shell)
        close_figures()
        *names, own = rules
        result = self.shell.run_test(source, *names)
        result.error_in_exec = result.error_in_exec or originals.replaced(own)
        self._reply((token, failure(result, self.names), *capture.take()))

    def on_outputs(self, _decoder: Decoder, max_chars: int) -> None:
        """Reply (outputs, overflowed) since the last time, and start anew."""
        taken = self.shell.capture.take()
        self.shell.capture.max_chars = max_chars
        self.shell.capture.start()
        self._reply(taken)

    def on_names(self, _decoder: Decoder, names: list[str], classes: list[str]) -> None:
        """For a test that begins: reply those of `names` that are defined, with a handle of each value that
        can change; instances of `classes` stay here from now on."""
        close_figures()
        self.conversation.handles.classes = frozenset(classes)
        found = {name: self.names[name] for name in names if name in self.names}
        link = {name: self._link(value) for name, value in found.items()}
        try:
            self._reply(found, link=link)
        except WireError:  # one is too much: the others cross all the same
            self._reply(
                {n: self.conversation.handles.carried(value) for n, value in found.items()}, link=link
            )

    def on_call(self, decoder: Decoder, let_in: bool, function: Any, args: list, kwargs: dict) -> None:
        objects = list(decoder.objects)
        given = [(i, value) for i, value in enumerate(objects) if value is not args and value is not kwargs]
        before = [(i, value, snapshot(value)) for i, value in given]
        result = function(*args, **kwargs)
        changed = [i for i, value, old in before if changed_since(value, old)]
        self._reply(result, objects, changed, let_in)

    def on_get(self, _decoder: Decoder, value: Any, name: str) -> None:
        result = getattr(value, name)
        if isinstance(result, types.MappingProxyType):  # the __dict__ of a class
            result = dict(result)
        self._reply(result, link=self._link(result))

    def on_set(self, _decoder: Decoder, value: Any, name: str, new: Any) -> None:
        setattr(value, name, new)
        self._reply(None, link=self._link(new))

    def on_operator(self, decoder: Decoder, name: str, args: list) -> None:
        result = OPERATORS[name](*args)
        self._reply(result, link=self._link(args[2] if name == "setitem" else result))

    def on_poke(self, decoder: Decoder, key: int) -> None:
        """The judge changed in place what it had fetched: change the original too."""
        restore(self.conversation.handles.objects[key], decoder.value(), decoder.collisions)
        self._reply(None)

    def on_lend(self, _decoder: Decoder, module: str, functions: dict[str, Callback]) -> None:
        """Put functions of the judge's among the notebook's names, or into a module of that name."""
        if module:
            self.conversation.library = module
            lent = sys.modules.setdefault(module, types.ModuleType(module))
        vars(lent).update(functions) if module else self.names.update(functions)
        self._reply(None)

    def on_fork(self, _decoder: Decoder) -> None:
        """Stay behind as the state to come back to, while a child goes on over a socket of its own."""
        self._reply(None)
        _note, sock = receive_socket(self.conversation.channel.sock)
        if sock is None:
            raise WireClosed("no socket came for the child")
        child = fork()
        if child == 0:
            os.setpgid(0, 0)
            self.conversation.channel.close()
            self.conversation.channel = Channel(sock)
            return
        sock.close()
        self._stand_by(child)

    def _stand_by(self, child: int) -> None:
        """Wait until the state is wanted back; then end the child and tell how it ended."""
        try:
            self.conversation.receive()
        except WireClosed:
            reap(REAP_SECONDS)
            raise
        self._reply(end(child))
