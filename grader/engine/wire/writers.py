"""How a value of each type is written into a message: by its exact type, or by a base of it."""

from __future__ import annotations

import datetime
import functools
import struct
import types
from collections import deque
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.engine.wire import container_encoding, tables
from grader.engine.wire.array_encoding import array, scalar
from grader.engine.wire.channel import WireError
from grader.engine.wire.library_values import VIEWS, WRAPPERS, parts
from grader.engine.wire.mappings import KIN
from grader.engine.wire.values import MAX_INT_BYTES, NAME_OF, bit_state

if TYPE_CHECKING:
    from grader.engine.wire.encoding import Encoder

Writer = Callable[["Encoder", Any, int], None]

_I64, _F64, _C128 = (struct.Struct(f) for f in ("<q", "<d", "<dd"))

LIBRARY = (Fraction, Decimal, datetime.date, datetime.time, datetime.timedelta, tuple, *VIEWS, *WRAPPERS)


def writer_of(value: Any) -> Writer:
    """What writes a value whose exact type is not in WRITERS; no object is asked for its `__class__`."""
    own: type = type(value)
    is_library, write = _by_type(own)
    if is_library and parts(value):
        return container_encoding.library
    if tables.is_table(value) and (content := tables.parts(value)):
        return functools.partial(container_encoding.table, content=content)
    return write


@functools.lru_cache(maxsize=256)
def _by_type(own: type) -> tuple[bool, Writer]:
    """Whether it may be a type of the standard library's; what writes its values where it is none."""
    return issubclass(own, LIBRARY), next((write for kind, write in _BASES if issubclass(own, kind)), special)


def special(encoder: Encoder, value: Any, depth: int) -> None:
    """A type by its name, or a handle of what stays where it is."""
    name = NAME_OF.get(id(value))
    if name:
        encoder.text(b"n", name)
    elif value is Ellipsis:
        encoder.parts.append(b".")
    elif isinstance(value, np.dtype):
        encoder.text(b"d", value.str)
    else:
        tag, fields = encoder.export(value)
        encoder.parts.append(tag)
        encoder.add(fields, depth + 1)


def whole_number(encoder: Encoder, value: int, _depth: int) -> None:
    value = int.__int__(value)
    if -(1 << 63) <= value < 1 << 63:
        encoder.parts.append(b"i" + _I64.pack(value))
    elif value.bit_length() > 8 * MAX_INT_BYTES - 8:
        raise WireError("a whole number has too many digits to be checked")
    else:
        encoder.data(b"I", value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True))


def generator(encoder: Encoder, value: Any, depth: int) -> None:
    if not encoder.seen(value):
        encoder.parts.append(b"G" if isinstance(value, np.random.Generator) else b"S")
        encoder.add(bit_state(value), depth + 1)


WRITERS: dict[type, Writer] = {
    type(None): lambda e, v, d: e.parts.append(b"N"),
    bool: lambda e, v, d: e.parts.append(b"T" if v else b"F"),
    int: whole_number,
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
    np.random.Generator: generator,
    np.random.RandomState: generator,
    deque: container_encoding.deque_,
    types.FunctionType: special,
    **dict.fromkeys(KIN, container_encoding.mapping),
}

_BASES = (
    (np.ndarray, array),
    (np.generic, scalar),
    (int, whole_number),
    (float, lambda e, v, d: WRITERS[float](e, float.__float__(v), d)),
    (str, lambda e, v, d: e.text(b"s", str.__str__(v))),
    (tuple, WRITERS[tuple]),
    (list, container_encoding.list_),
    (dict, container_encoding.kin),
    (set, container_encoding.set_),
)
