"""What crosses by name: objects of the student's, which stay here, and functions of the judge's."""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.engine.wire.abilities import abilities_of
from grader.engine.wire.channel import WireError
from grader.engine.wire.encoding import Encoder
from grader.engine.wire.mappings import CONTAINERS
from grader.engine.wire.named_tuples import is_bare_record

MAX_NAME, MAX_DOC = 200, 2_000
_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType)


class Callback:
    """A function of the judge's, as student code sees it; `call` asks for it over there."""

    def __init__(self, call: Callable[[int, tuple, dict], Any], key: int, name: str):
        self._call, self.key, self.__name__ = call, key, name

    def __call__(self, *args, **kwargs):
        return self._call(self.key, args, kwargs)


Callback.__name__ = "function"  # an error calls it what a notebook would


@dataclass
class OpaqueValue:
    """A value of which only a handle crosses."""

    value: Any


class Handles:
    """The objects that the judge holds handles of, by their number."""

    def __init__(self, call: Callable[[int, tuple, dict], Any]):
        self._call = call
        self.classes: frozenset[str] = frozenset()  # names of those whose instances stay here
        self.objects: dict[int, Any] = {}
        self._ids: dict[int, int] = {}

    def export(self, value: Any) -> tuple[bytes, Any]:
        """How an object that stays here is announced: (handle id, kind, name, abilities, docstring)."""
        if isinstance(value, Callback):
            return b"k", value.key
        value = value.value if isinstance(value, OpaqueValue) else value
        kind = _kind_of(value)
        named = value if kind != "object" else type(value)
        doc = getattr(named, "__doc__", None)
        name = str(getattr(named, "__qualname__", kind))[:MAX_NAME]
        return b"h", (self.keep(value), kind, name, abilities_of(value), str(doc)[:MAX_DOC] if doc else "")

    def stays(self, value: Any) -> bool:
        """Whether a value that would cross is more than that: an object of a class that the course names,
        such as `class Stack(list)`, whose methods a test will call, or a library's tuple with more than its
        items, such as the bars of a plot."""
        kind = type(value)
        if kind.__module__ != "__main__":
            return (
                isinstance(value, tuple)
                and not hasattr(kind, "_fields")
                and bool(getattr(value, "__dict__", None))
            )
        return kind.__name__ in self.classes and not is_bare_record(kind)

    def carried(self, value: Any) -> Any:
        """What crosses of a value: itself, or a handle where that is too much."""
        try:
            Encoder(self.export, stays=self.stays).add(value)
        except WireError:
            return OpaqueValue(value)
        return value

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
            return Callback(self._call, *fields)
        raise WireError("an unknown kind of value")

    def link(self, value: Any) -> int | None:
        return self.keep(value) if isinstance(value, (np.ndarray, *CONTAINERS)) else None


def _kind_of(value: Any) -> str:
    if isinstance(value, type):
        return "class"
    return "function" if isinstance(value, _FUNCTIONS) else "object"
