"""How a Python value becomes bytes and comes back: exact plain types, bounded, never pickled.

By value: None, bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset, slice, range,
NumPy arrays and scalars of numeric, string or time dtype, random generators with their state. By name: the
types and ufuncs of `NAMED`. Everything else goes through the `export` hook of the side that encodes and the
`admit` hook of the side that decodes: handles of student objects, callbacks into the judge.

A subclass of a plain type crosses as the plain type: an ndarray subclass loses its overridden comparisons,
a float subclass its __eq__. Objects that can change keep their identity within a message, and a reply may
refer to the objects of the call it answers ("returns the same object", views into an argument).
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Callable
from typing import Any

import numpy as np

from grader.wire import WireError

MAX_DEPTH = 60
MAX_NODES = 400_000  # values in one message
MAX_INT_BYTES = 8192
_DTYPE = re.compile(r"[<>|=]?(?:[biufc]\d{1,2}|[SU]\d{1,7}|[mM]8(?:\[\d{0,6}[A-Za-z]{1,2}\])?)\Z")
_U32, _I64, _F64, _C128 = (struct.Struct(f) for f in ("<I", "<q", "<d", "<dd"))
_UFUNCS = [
    "add",
    "subtract",
    "multiply",
    "divide",
    "exp",
    "log",
    "sin",
    "cos",
    "tanh",
    "maximum",
    "minimum",
    "sqrt",
    "square",
    "absolute",
    "sign",
]
NAMED: dict[str, Any] = {
    t.__name__: t
    for t in (
        int,
        float,
        complex,
        bool,
        str,
        bytes,
        list,
        tuple,
        dict,
        set,
        np.ndarray,
        *np.sctypeDict.values(),
    )
}
NAMED |= {f"np.{name}": getattr(np, name) for name in _UFUNCS}
_NAME_OF = {id(value): name for name, value in NAMED.items()}
_BIT_GENERATORS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")


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
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise WireError("the value is nested too deeply or has too many parts to cross")
        write = _WRITERS.get(type(value)) or self._writer_of(value)
        write(self, value, depth)

    def contents(self, value: Any) -> None:
        """Append what is in a changeable object, as a new object: how an in-place change is told."""
        if isinstance(value, np.ndarray):
            self.add(value.copy())
        elif isinstance(value, dict):
            self.add(tuple(part for item in value.items() for part in item))
        elif isinstance(value, (list, set)):
            self.add(tuple(value))
        else:
            self.add(bit_state(value))

    def _writer_of(self, value: Any):
        for kind, write in _BASES:
            if isinstance(value, kind):
                return write
        return Encoder._special

    def _special(self, value: Any, depth: int) -> None:
        name = _NAME_OF.get(id(value)) if isinstance(value, (type, np.ufunc)) else None
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
            raise WireError("an integer is too large to cross")
        else:
            self._data(b"I", value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True))

    def _items(self, tag: bytes, items: Any, count: int, depth: int) -> None:
        self.parts.append(tag + _U32.pack(count))
        for item in items:
            self.add(item, depth + 1)

    def _list(self, value: list, depth: int) -> None:
        if not self._seen(value):
            self._items(b"[", list.__iter__(value), list.__len__(value), depth)

    def _dict(self, value: dict, depth: int) -> None:
        if not self._seen(value):
            items = [part for item in dict.items(value) for part in item]
            self._items(b"{", items, len(items), depth)

    def _set(self, value: set, depth: int) -> None:
        if not self._seen(value):
            self._items(b"<", list(value), len(value), depth)

    def _array(self, value: np.ndarray, _depth: int) -> None:
        if isinstance(value, np.ma.MaskedArray) or not _DTYPE.match(value.dtype.str):
            raise WireError(f"an array of dtype {value.dtype} does not cross; use a numeric or string dtype")
        if value.nbytes > 1 << 26:
            raise WireError(f"an array of {value.nbytes >> 20} MB is too large to cross")
        if self._view_of_known(value) or self._seen(value):
            return
        order = "F" if value.flags.f_contiguous and not value.flags.c_contiguous else "C"
        plain = np.asarray(value, order=order)  # a plain ndarray, whatever the student made of it
        shape = struct.pack(f"<BB{plain.ndim}Q", order == "F", plain.ndim, *plain.shape)
        self._text(b"a", plain.dtype.str)
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
        if not _DTYPE.match(value.dtype.str):
            raise WireError(f"a value of dtype {value.dtype} does not cross")
        self._text(b"g", value.dtype.str)
        self._data(b"", value.tobytes())

    def _generator(self, value: Any, depth: int) -> None:
        if not self._seen(value):
            self.parts.append(b"G" if isinstance(value, np.random.Generator) else b"S")
            self.add(bit_state(value), depth + 1)


def _raw(array: np.ndarray, order: str) -> bytes | memoryview:
    if order == "C" and array.size and array.dtype.kind in "biufc":
        return array.reshape(-1).view(np.uint8).data
    return array.tobytes(order)


def bit_state(generator: Any) -> tuple:
    """The state of a Generator or RandomState as plain data."""
    if isinstance(generator, np.random.RandomState):
        return generator.get_state()
    return _plain(generator.bit_generator.state)


def _plain(state: Any) -> Any:
    if isinstance(state, dict):
        return {key: _plain(value) for key, value in state.items()}
    return state.item() if isinstance(state, np.generic) else state


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


class Decoder:
    """Decodes one message. `objects` are the changeable objects met so far, beginning with `known`."""

    def __init__(self, data: bytes | bytearray, admit: Callable[[bytes, Any], Any], known: list | tuple = ()):
        self.objects = list(known)
        self._data, self._at, self._nodes = data, 0, 0
        self._admit = admit

    def value(self) -> Any:
        """The next value. Raises WireError for anything malformed, forbidden or out of bounds."""
        try:
            return self._value(0)
        except WireError:
            raise
        except Exception as error:
            raise WireError(f"malformed message ({type(error).__name__})") from None

    def _value(self, depth: int) -> Any:
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise WireError("a value was nested too deeply or had too many parts")
        tag = self._take(1)
        read = _READERS.get(bytes(tag))
        if read is None:
            return self._admit(bytes(tag), self._value(depth + 1))
        return read(self, depth)

    def _take(self, count: int) -> memoryview | bytes:
        if count > len(self._data) - self._at:
            raise WireError("a message ended too early")
        start, self._at = self._at, self._at + count
        return self._data[start : self._at]

    def _unpack(self, form: struct.Struct) -> tuple:
        return form.unpack(self._take(form.size))

    def _block(self) -> bytes | bytearray:
        return self._take(self._unpack(_U32)[0])

    def _str(self) -> str:
        return self._block().decode("utf-8", "surrogatepass")

    def _items(self, depth: int) -> list:
        (count,) = self._unpack(_U32)
        if count > len(self._data) - self._at:
            raise WireError("a message ended too early")
        return [self._value(depth + 1) for _ in range(count)]

    def _remember(self, value: Any) -> Any:
        self.objects.append(value)
        return value

    def _list(self, depth: int) -> list:
        result = self._remember([])
        result.extend(self._items(depth))
        return result

    def _dict(self, depth: int) -> dict:
        result = self._remember({})
        items = self._items(depth)
        result.update(zip(items[::2], items[1::2], strict=True))
        return result

    def _set(self, depth: int) -> set:
        result = self._remember(set())
        result.update(self._items(depth))
        return result

    def _int(self) -> int:
        block = self._block()
        if len(block) > MAX_INT_BYTES:
            raise WireError("an integer is too large")
        return int.from_bytes(block, "little", signed=True)

    def _dtype(self) -> np.dtype:
        name = self._str()
        if not _DTYPE.match(name):
            raise WireError("an array of a forbidden dtype")
        return np.dtype(name)

    def _array(self) -> np.ndarray:
        dtype = self._dtype()
        fortran, ndim = self._take(2)
        shape = struct.unpack(f"<{ndim}Q", self._take(8 * ndim))
        block = self._block()
        if math.prod(shape) * dtype.itemsize != len(block) or (not dtype.itemsize and math.prod(shape) > 1):
            raise WireError("an array whose size is not that of its data")
        flat = np.frombuffer(block, np.uint8).copy() if len(block) else np.empty(0, np.uint8)
        return self._remember(np.ndarray(shape, dtype, flat, order="F" if fortran else "C"))

    def _view(self) -> np.ndarray:
        (index,) = self._unpack(_U32)
        base, dtype = self.objects[index], self._dtype()
        offset, shape, strides = self._value(0)
        if not isinstance(base, np.ndarray) or not base.flags.forc or not dtype.itemsize:
            raise WireError("a view of something that is no array")
        ends = [offset + min(0, sum((n - 1) * s for n, s in zip(shape, strides, strict=True) if s < 0))]
        ends.append(
            offset + dtype.itemsize + sum((n - 1) * s for n, s in zip(shape, strides, strict=True) if s > 0)
        )
        if (
            any(n < 1 for n in shape)
            or ends[0] < 0
            or ends[1] > base.nbytes
            or math.prod(shape) > base.nbytes
        ):
            raise WireError("a view beyond its array")
        flat = base.reshape(-1, order="A").view(np.uint8)
        return self._remember(np.ndarray(tuple(shape), dtype, flat, offset, tuple(strides)))

    def _scalar(self) -> np.generic:
        dtype, block = self._dtype(), self._block()
        if len(block) != dtype.itemsize:
            raise WireError("a scalar whose size is not that of its dtype")
        return np.frombuffer(bytes(block), dtype)[0] if dtype.itemsize else dtype.type()

    def _generator(self, depth: int) -> np.random.Generator:
        place = self._reserve()
        state = self._value(depth + 1)
        if state["bit_generator"] not in _BIT_GENERATORS:
            raise WireError("an unknown bit generator")
        bits = getattr(np.random, state["bit_generator"])()
        bits.state = state
        self.objects[place] = np.random.Generator(bits)
        return self.objects[place]

    def _random_state(self, depth: int) -> np.random.RandomState:
        place = self._reserve()
        self.objects[place] = np.random.RandomState(0)
        self.objects[place].set_state(self._value(depth + 1))
        return self.objects[place]

    def _reserve(self) -> int:
        """The place of an object that is made after its parts."""
        self.objects.append(None)
        return len(self.objects) - 1


_READERS: dict[bytes, Callable[[Decoder, int], Any]] = {
    b"N": lambda r, d: None,
    b"T": lambda r, d: True,
    b"F": lambda r, d: False,
    b"i": lambda r, d: r._unpack(_I64)[0],
    b"I": lambda r, d: r._int(),
    b"f": lambda r, d: r._unpack(_F64)[0],
    b"c": lambda r, d: complex(*r._unpack(_C128)),
    b"s": lambda r, d: r._str(),
    b"b": lambda r, d: bytes(r._block()),
    b"(": lambda r, d: tuple(r._items(d)),
    b"[": Decoder._list,
    b"{": Decoder._dict,
    b"<": Decoder._set,
    b">": lambda r, d: frozenset(r._items(d)),
    b":": lambda r, d: slice(*r._items(d)),
    b"R": lambda r, d: range(*r._items(d)),
    b".": lambda r, d: Ellipsis,
    b"a": lambda r, d: r._array(),
    b"v": lambda r, d: r._view(),
    b"g": lambda r, d: r._scalar(),
    b"d": lambda r, d: r._dtype(),
    b"n": lambda r, d: NAMED[r._str()],
    b"r": lambda r, d: r.objects[r._unpack(_U32)[0]],
    b"G": Decoder._generator,
    b"S": Decoder._random_state,
}


def restore(target: Any, contents: Any) -> None:
    """Bring an in-place change into `target`. Raises WireError when its shape or dtype changed."""
    if isinstance(target, np.ndarray):
        if (
            not isinstance(contents, np.ndarray)
            or contents.shape != target.shape
            or contents.dtype != target.dtype
        ):
            raise WireError("an array changed its shape or dtype in place")
        np.copyto(target, contents)
    elif isinstance(target, dict):
        target.clear()
        target.update(zip(contents[::2], contents[1::2], strict=True))
    elif isinstance(target, list):
        target[:] = contents
    elif isinstance(target, set):
        target.clear()
        target.update(contents)
    elif isinstance(target, np.random.RandomState):
        target.set_state(contents)
    else:
        target.bit_generator.state = contents
