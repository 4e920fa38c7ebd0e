"""Values to bytes, for one message; see `grader.engine.wire.values` for what crosses and how."""

from __future__ import annotations

import datetime
import functools
import struct
from collections import deque
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from grader.engine.wire import container_encoding, tables
from grader.engine.wire.array_encoding import array, scalar
from grader.engine.wire.channel import WireError
from grader.engine.wire.cursor import U32
from grader.engine.wire.library_values import KIN, VIEWS, parts
from grader.engine.wire.values import (
    MAX_DEPTH,
    MAX_INT_BYTES,
    MAX_NODES,
    NAME_OF,
    bit_state,
)

_I64, _F64, _C128 = (struct.Struct(f) for f in ("<q", "<d", "<dd"))
LIBRARY = (Fraction, Decimal, datetime.date, datetime.time, datetime.timedelta, tuple, *VIEWS)


class Encoder:
    """Encodes values into `parts`. `known` are the objects both sides hold already, in the same order.

    stays: whether a value of a class of somebody's own does not cross, though it is of a plain type.
    """

    def __init__(
        self,
        export: Callable[[Any], tuple[bytes, Any]],
        known: list[Any] | tuple = (),
        stays: Callable[[Any], bool] = lambda value: False,
    ):
        self.parts: list[bytes | memoryview] = []
        self.objects = list(known)
        self.export, self._stays = export, stays
        self.index = {id(o): i for i, o in enumerate(self.objects)}
        self._nodes = self._bytes = 0

    def forget(self, changed: set[int]) -> None:
        """Encode the objects with these indices anew instead of referring to them."""
        self.index = {key: i for key, i in self.index.items() if i not in changed}

    def add(self, value: Any, depth: int = 0) -> None:
        """Append one value. Raises WireError for what the wire does not carry."""
        self._add_all((value,), 1, depth)

    def contents(self, value: Any) -> None:
        """Append what is in a changeable object, as a new object: how an in-place change is told."""
        if isinstance(value, np.ndarray):
            self.add(value.copy())
        elif isinstance(value, dict):
            self.add(tuple(part for item in value.items() for part in item))
        elif isinstance(value, (list, set, deque)):
            self.add(tuple(value))
        elif tables.is_table(value):
            self.add(value.copy())
        else:
            self.add(bit_state(value))

    def _add_all(self, values: Any, count: int, depth: int) -> None:
        self._nodes += count
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise WireError("a value is nested too deeply, or has too many parts, to be checked")
        for value in values:
            write = _WRITERS.get(type(value)) or self._writer_of(value)
            write(self, value, depth)

    def _writer_of(self, value: Any):
        if self._stays(value):
            return Encoder._special
        if isinstance(value, LIBRARY) and parts(value):
            return container_encoding.library
        if tables.is_table(value) and (told := tables.parts(value)):
            return functools.partial(container_encoding.table, told=told)
        for kind, write in _BASES:
            if isinstance(value, kind):
                return write
        return Encoder._special

    def _special(self, value: Any, depth: int) -> None:
        name = NAME_OF.get(id(value))
        if name:
            self.text(b"n", name)
        elif value is Ellipsis:
            self.parts.append(b".")
        elif isinstance(value, np.dtype):
            self.text(b"d", value.str)
        else:
            tag, fields = self.export(value)
            self.parts.append(tag)
            self.add(fields, depth + 1)

    def seen(self, value: Any) -> bool:
        """True when a reference was written; otherwise the object is remembered."""
        index = self.index.get(id(value))
        if index is not None:
            self.parts.append(b"r" + U32.pack(index))
            return True
        self.index[id(value)] = len(self.objects)
        self.objects.append(value)
        return False

    def data(self, head: bytes, data: bytes | memoryview) -> None:
        self.parts += (head + U32.pack(len(data)), data)

    def text(self, tag: bytes, value: str) -> None:
        self.data(tag, str.encode(value, "utf-8", "surrogatepass"))

    def _int(self, value: int, _depth: int) -> None:
        value = int.__int__(value)
        if -(1 << 63) <= value < 1 << 63:
            self.parts.append(b"i" + _I64.pack(value))
        elif value.bit_length() > 8 * MAX_INT_BYTES - 8:
            raise WireError("a whole number has too many digits to be checked")
        else:
            self.data(b"I", value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True))

    def items(self, tag: bytes, items: Any, count: int, depth: int) -> None:
        self.parts.append(tag + U32.pack(count))
        self._add_all(items, count, depth + 1)

    def _generator(self, value: Any, depth: int) -> None:
        if not self.seen(value):
            self.parts.append(b"G" if isinstance(value, np.random.Generator) else b"S")
            self.add(bit_state(value), depth + 1)


_WRITERS: dict[type, Callable] = {
    type(None): lambda e, v, d: e.parts.append(b"N"),
    bool: lambda e, v, d: e.parts.append(b"T" if v else b"F"),
    int: Encoder._int,
    float: lambda e, v, d: e.parts.append(b"f" + _F64.pack(v)),
    complex: lambda e, v, d: e.parts.append(b"c" + _C128.pack(v.real, v.imag)),
    str: lambda e, v, d: e.text(b"s", v),
    bytes: lambda e, v, d: e.data(b"b", v),
    bytearray: lambda e, v, d: e.data(b"b", bytes(v)),
    tuple: lambda e, v, d: e.items(b"(", tuple.__iter__(v), tuple.__len__(v), d),
    list: container_encoding.list_,
    dict: container_encoding.dict_,
    set: container_encoding.set_,
    frozenset: lambda e, v, d: e.items(b">", list(v), len(v), d),
    slice: lambda e, v, d: e.items(b":", (v.start, v.stop, v.step), 3, d),
    range: lambda e, v, d: e.items(b"R", (v.start, v.stop, v.step), 3, d),
    np.ndarray: array,
    np.random.Generator: Encoder._generator,
    np.random.RandomState: Encoder._generator,
    deque: container_encoding.deque_,
    **dict.fromkeys(KIN, container_encoding.mapping),
}
_BASES = (
    (np.ndarray, array),
    (np.generic, scalar),
    (int, Encoder._int),
    (float, lambda e, v, d: _WRITERS[float](e, float.__float__(v), d)),
    (str, lambda e, v, d: e.text(b"s", str.__str__(v))),
    (tuple, _WRITERS[tuple]),
    (list, container_encoding.list_),
    (dict, container_encoding.kin),
    (set, container_encoding.set_),
)
