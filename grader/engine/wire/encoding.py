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
import numpy.ma  # NumPy loads it on first use, which would be anew in every forked process

from grader.engine.wire import tables
from grader.engine.wire.channel import MAX_FRAME, WireError
from grader.engine.wire.library_values import FACTORIES, KIN, parts
from grader.engine.wire.values import (
    DTYPE,
    MAX_DEPTH,
    MAX_INT_BYTES,
    MAX_NDIM,
    MAX_NODES,
    NAME_OF,
    Order,
    bit_state,
)

_U32, _I64, _F64, _C128 = (struct.Struct(f) for f in ("<I", "<q", "<d", "<dd"))
_SHAPES = [struct.Struct(f"<BB{ndim}Q") for ndim in range(MAX_NDIM + 1)]
LIBRARY = (Fraction, Decimal, datetime.date, datetime.time, datetime.timedelta, tuple)
_SMALL = 4096  # bytes of an array that is copied sooner than looked at


class Encoder:
    """Encodes values into `parts`. `known` are the objects both sides hold already, in the same order."""

    def __init__(self, export: Callable[[Any], tuple[bytes, Any]], known: list[Any] | tuple = ()):
        self.parts: list[bytes | memoryview] = []
        self.objects = list(known)
        self.export = export
        self._index = {id(o): i for i, o in enumerate(self.objects)}
        self._nodes = self._bytes = 0

    def forget(self, changed: set[int]) -> None:
        """Encode the objects with these indices anew instead of referring to them."""
        self._index = {key: i for key, i in self._index.items() if i not in changed}

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
        if isinstance(value, LIBRARY) and parts(value):
            return Encoder._library
        if tables.is_table(value) and (told := tables.parts(value)):
            return functools.partial(Encoder._table, told=told)
        for kind, write in _BASES:
            if isinstance(value, kind):
                return write
        return Encoder._special

    def _special(self, value: Any, depth: int) -> None:
        name = NAME_OF.get(id(value))
        if name:
            self._text(b"n", name)
        elif value is Ellipsis:
            self.parts.append(b".")
        elif isinstance(value, np.dtype):
            self._text(b"d", value.str)
        else:
            tag, fields = self.export(value)
            self.parts.append(tag)
            self.add(fields, depth + 1)

    def _seen(self, value: Any) -> bool:
        """True when a reference was written; otherwise the object is remembered."""
        index = self._index.get(id(value))
        if index is not None:
            self.parts.append(b"r" + _U32.pack(index))
            return True
        self._index[id(value)] = len(self.objects)
        self.objects.append(value)
        return False

    def _data(self, head: bytes, data: bytes | memoryview) -> None:
        self.parts += (head + _U32.pack(len(data)), data)

    def _text(self, tag: bytes, value: str) -> None:
        self._data(tag, str.encode(value, "utf-8", "surrogatepass"))

    def _int(self, value: int, _depth: int) -> None:
        value = int.__int__(value)
        if -(1 << 63) <= value < 1 << 63:
            self.parts.append(b"i" + _I64.pack(value))
        elif value.bit_length() > 8 * MAX_INT_BYTES - 8:
            raise WireError("a whole number has too many digits to be checked")
        else:
            self._data(b"I", value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True))

    def _items(self, tag: bytes, items: Any, count: int, depth: int) -> None:
        self.parts.append(tag + _U32.pack(count))
        self._add_all(items, count, depth + 1)

    def _list(self, value: list, depth: int) -> None:
        if not self._seen(value):
            self._items(b"[", list.__iter__(value), list.__len__(value), depth)

    def _dict(self, value: dict, depth: int) -> None:
        if not self._seen(value):
            items = [part for item in dict.items(value) for part in item]
            self._items(b"{", items, len(items), depth)

    def _mapping(self, value: dict, depth: int) -> None:
        """A Counter, OrderedDict or defaultdict; the last with a factory of the student's is a plain dict."""
        factory = getattr(value, "default_factory", None)
        if not any(factory is known for known in FACTORIES):
            self._dict(value, depth)
        elif not self._seen(value):
            items = [part for item in dict.items(value) for part in item]
            self._text(b"D", type(value).__name__)
            self.add(factory, depth + 1)
            self._items(b"", items, len(items), depth)

    def _deque(self, value: deque, depth: int) -> None:
        if not self._seen(value):
            self.parts.append(b"Q")
            self.add(value.maxlen, depth + 1)
            self._items(b"", list(value), len(value), depth)

    def _table(self, value: Any, depth: int, *, told: tuple) -> None:
        if not self._seen(value):
            self.parts.append(b"P")
            self.add(told, depth + 1)

    def _library(self, value: Any, depth: int) -> None:
        self.parts.append(b"L")
        self.add(parts(value), depth + 1)

    def _set(self, value: set, depth: int) -> None:
        if not self._seen(value):
            self._items(b"<", list(value), len(value), depth)

    def _array(self, value: np.ndarray, _depth: int) -> None:
        name = _name_of(value.dtype)
        if not name or isinstance(value, np.ma.MaskedArray):
            raise WireError(f"an array of {_holding(value.dtype)} cannot be checked: use numbers or texts")
        if value.nbytes > MAX_FRAME:
            raise WireError(f"an array of {value.nbytes >> 20} MB is too large to be checked")
        if self._view_of_known(value) or self._seen(value):
            return
        order: Order = "F" if value.flags.f_contiguous and not value.flags.c_contiguous else "C"
        plain = np.asarray(value, order=order)  # a plain ndarray, whatever the student made of it
        shape = _SHAPES[plain.ndim].pack(order == "F", plain.ndim, *plain.shape)
        self._text(b"a", name)
        self._data(shape, _raw(plain, order))

    def _view_of_known(self, value: np.ndarray) -> bool:
        """Write a view into an array that both sides hold; False when it is none."""
        base = value.base
        while base is not None and id(base) not in self._index:
            base = getattr(base, "base", None)
        if (
            not isinstance(base, np.ndarray)
            or id(value) in self._index
            or not base.flags.forc
            or not value.size
        ):
            return False
        start, end = np.lib.array_utils.byte_bounds(base)
        low, high = np.lib.array_utils.byte_bounds(value)
        if low < start or high > end:
            return False
        offset = value.__array_interface__["data"][0] - start
        layout = (offset, value.shape, value.strides)
        self._index[id(value)] = len(self.objects)
        self.objects.append(value)
        self._text(b"v" + _U32.pack(self._index[id(base)]), value.dtype.str)
        self.add(layout)
        return True

    def _scalar(self, value: np.generic, depth: int) -> None:
        name = _name_of(value.dtype)
        if not name:
            raise WireError(f"a value of dtype {value.dtype} cannot be checked")
        self._text(b"g", name)
        self._data(b"", value.tobytes())

    def _generator(self, value: Any, depth: int) -> None:
        if not self._seen(value):
            self.parts.append(b"G" if isinstance(value, np.random.Generator) else b"S")
            self.add(bit_state(value), depth + 1)


@functools.lru_cache(maxsize=256)
def _name_of(dtype: np.dtype) -> str:
    """The name of a dtype whose arrays may cross, "" of any other."""
    return dtype.str if DTYPE.match(dtype.str) else ""


def _holding(dtype: np.dtype) -> str:
    return "Python objects" if dtype.kind == "O" else f"dtype {dtype}"


def _raw(array: np.ndarray, order: Order) -> bytes | memoryview:
    if order == "C" and array.nbytes > _SMALL and array.dtype.kind in "biufc":
        return array.reshape(-1).view(np.uint8).data
    return array.tobytes(order)


_WRITERS: dict[type, Callable] = {
    type(None): lambda e, v, d: e.parts.append(b"N"),
    bool: lambda e, v, d: e.parts.append(b"T" if v else b"F"),
    int: Encoder._int,
    float: lambda e, v, d: e.parts.append(b"f" + _F64.pack(v)),
    complex: lambda e, v, d: e.parts.append(b"c" + _C128.pack(v.real, v.imag)),
    str: lambda e, v, d: e._text(b"s", v),
    bytes: lambda e, v, d: e._data(b"b", v),
    bytearray: lambda e, v, d: e._data(b"b", bytes(v)),
    tuple: lambda e, v, d: e._items(b"(", tuple.__iter__(v), tuple.__len__(v), d),
    list: Encoder._list,
    dict: Encoder._dict,
    set: Encoder._set,
    frozenset: lambda e, v, d: e._items(b">", list(v), len(v), d),
    slice: lambda e, v, d: e._items(b":", (v.start, v.stop, v.step), 3, d),
    range: lambda e, v, d: e._items(b"R", (v.start, v.stop, v.step), 3, d),
    np.ndarray: Encoder._array,
    np.random.Generator: Encoder._generator,
    np.random.RandomState: Encoder._generator,
    deque: Encoder._deque,
    **dict.fromkeys(KIN, Encoder._mapping),
}
_BASES = (
    (np.ndarray, Encoder._array),
    (np.generic, Encoder._scalar),
    (int, Encoder._int),
    (float, lambda e, v, d: _WRITERS[float](e, float.__float__(v), d)),
    (str, lambda e, v, d: e._text(b"s", str.__str__(v))),
    (tuple, _WRITERS[tuple]),
    (list, Encoder._list),
    (dict, Encoder._dict),
    (set, Encoder._set),
)
