"""What both sides know by a number: student objects as handles, functions of the judge as callbacks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from grader.engine.judge.handles import ClassHandle, Handle
from grader.engine.judge.special_methods import handle_class
from grader.engine.judge.student_errors import CannotCross
from grader.engine.wire.abilities import MAX_MASK
from grader.engine.wire.channel import WireError

MAX_HANDLES = 200_000
MAX_NAME, MAX_DOC = 200, 2_000


class ObjectTable:
    """The handles and callbacks of one link. `lent` are callbacks that outlive a cell, and a fork."""

    def __init__(self, link: Any, lent: list[Callable]):
        self.lent, self._link = lent, link
        self.callbacks: list[Any] = []
        self._handles: dict[Any, Any] = {}

    def export(self, value: Any) -> tuple[bytes, Any]:
        """How a value that does not travel is named. Raises CannotCross."""
        if isinstance(value, Handle):
            if value._link is not self._link:
                raise CannotCross("an object of an earlier question is no longer there")
            return b"o", value._key
        if callable(value) and not isinstance(value, type):
            return b"k", (self._key_of(value), str(getattr(value, "__name__", "callback")))
        kind = value.__name__ if isinstance(value, type) else type(value).__name__
        raise CannotCross(f"a {kind} cannot be handed to student code in a graded test; use plain values")

    def admit(self, tag: bytes, fields: Any) -> Any:
        """What the other side names. Raises WireError."""
        if tag == b"k":
            return self.callback(fields)
        if tag != b"h":
            raise WireError("an unknown kind of value")
        key, kind, name, mask, doc = fields
        if type(key) is not int or kind not in ("class", "function", "object"):
            raise WireError("a malformed handle")
        if type(mask) is not int or not 0 <= mask < MAX_MASK:
            raise WireError("a malformed handle")
        if key not in self._handles:
            self._handles[key] = self._handle(key, kind, _one_line(name), mask, str(doc))
        return self._handles[key]

    def callback(self, key: int) -> Callable:
        """Keys of lent functions are negative."""
        return self.lent[-1 - key] if key < 0 else self.callbacks[key]

    def _handle(self, key: int, kind: str, name: str, mask: int, doc: str) -> Handle:
        if len(self._handles) >= MAX_HANDLES:
            raise WireError("too many objects")
        base = ClassHandle if kind == "class" else Handle
        made = handle_class(name if kind == "object" else "", mask, base)
        return made(self._link, key, kind, name, doc[:MAX_DOC])

    def _key_of(self, function: Callable) -> int:
        if function in self.lent:
            return -1 - self.lent.index(function)
        self.callbacks.append(function)
        return len(self.callbacks) - 1


def _one_line(name: Any) -> str:
    name = str(name)[:MAX_NAME]
    return name if name.isprintable() else "object"
