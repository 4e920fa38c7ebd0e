"""Bytes to values, for one message; nothing that the bytes claim is believed before it is checked."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import numpy as np

from grader.engine.wire import container_decoding
from grader.engine.wire.array_decoding import any_dtype, array, in_parts, scalar, view
from grader.engine.wire.channel import WireError
from grader.engine.wire.cursor import U32, Cursor, number
from grader.engine.wire.hash_collisions import HashCollisions
from grader.engine.wire.library_values import made
from grader.engine.wire.values import (
    BIT_GENERATORS,
    MAX_DEPTH,
    MAX_NODES,
    NAMED,
    put_state,
)

_I64, _F64, _C128 = (struct.Struct(f) for f in ("<q", "<d", "<dd"))


class Decoder(Cursor):
    """Decodes one message. `objects` are the changeable objects met so far, beginning with `known`."""

    def __init__(self, data: bytes | bytearray, admit: Callable[[bytes, Any], Any], known: list | tuple = ()):
        self.data, self.at = data, 0
        self.objects, self.collisions = list(known), HashCollisions()
        self._admit, self._nodes = admit, 0
        self.copies: dict[int, np.ndarray] = {}

    def value(self) -> Any:
        """The next value. Raises WireError for anything malformed, forbidden or out of bounds."""
        try:
            return self.part(0)
        except WireError:
            raise
        except Exception as error:
            raise WireError(f"malformed message ({type(error).__name__})") from None

    def part(self, depth: int) -> Any:
        self._count(1, depth)
        read = _BY_TAG[self.data[self.at]]
        self.at += 1
        return read(self, depth)

    def _count(self, more: int, depth: int) -> None:
        self._nodes += more
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise WireError("a value was nested too deeply or had too many parts")

    def _foreign(self, depth: int) -> Any:
        tag = self.data[self.at - 1 : self.at]
        return self._admit(bytes(tag), self.part(depth + 1))

    def items(self, depth: int) -> list:
        values, data, depth = [], self.data, depth + 1
        (count,) = self.unpack(U32)
        if count > len(data) - self.at:
            raise WireError("a message ended too early")
        self._count(count, depth)
        for _ in range(count):
            read = _BY_TAG[data[self.at]]
            self.at += 1
            values.append(read(self, depth))
        return values

    def remember(self, value: Any) -> Any:
        self.objects.append(value)
        return value

    def _generator(self, depth: int) -> np.random.Generator:
        place = self.reserve()
        state = self.part(depth + 1)
        if state["bit_generator"] not in BIT_GENERATORS:
            raise WireError("an unknown bit generator")
        self.objects[place] = np.random.Generator(getattr(np.random, state["bit_generator"])())
        put_state(self.objects[place], state)
        return self.objects[place]

    def _random_state(self, depth: int) -> np.random.RandomState:
        place = self.reserve()
        self.objects[place] = np.random.RandomState(0)
        put_state(self.objects[place], self.part(depth + 1))
        return self.objects[place]

    def reserve(self) -> int:
        """The place of an object that is made after its parts."""
        self.objects.append(None)
        return len(self.objects) - 1


_READERS: dict[int, Callable[[Decoder, int], Any]] = {
    ord("N"): lambda r, d: None,
    ord("T"): lambda r, d: True,
    ord("F"): lambda r, d: False,
    ord("i"): number(_I64),
    ord("I"): Cursor.integer,
    ord("f"): number(_F64),
    ord("c"): lambda r, d: complex(*r.unpack(_C128)),
    ord("s"): Cursor.text,
    ord("b"): lambda r, d: bytes(r.block()),
    ord("("): lambda r, d: tuple(r.items(d)),
    ord("["): container_decoding.list_,
    ord("{"): container_decoding.dict_,
    ord("<"): container_decoding.set_,
    ord(">"): lambda r, d: frozenset(r.collisions.spread(r.items(d))),
    ord(":"): lambda r, d: slice(*r.items(d)),
    ord("R"): lambda r, d: range(*r.items(d)),
    ord("."): lambda r, d: Ellipsis,
    ord("a"): array,
    ord("A"): in_parts,
    ord("W"): lambda r, d: r.part(d + 1)[()],
    ord("v"): view,
    ord("g"): scalar,
    ord("d"): any_dtype,
    ord("n"): lambda r, d: NAMED[r.text()],
    ord("r"): lambda r, d: r.objects[r.unpack(U32)[0]],
    ord("D"): container_decoding.mapping,
    ord("Q"): container_decoding.deque_,
    ord("P"): container_decoding.table,
    ord("L"): lambda r, d: made(*r.part(d + 1)),
    ord("G"): Decoder._generator,
    ord("S"): Decoder._random_state,
}
_BY_TAG = [_READERS.get(tag, Decoder._foreign) for tag in range(256)]
