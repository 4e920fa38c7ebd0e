"""Bytes to values, for one message; nothing that the bytes claim is believed before it is checked."""

from __future__ import annotations

import functools
import math
import struct
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from grader.engine.wire import tables
from grader.engine.wire.alike import Comparisons
from grader.engine.wire.channel import WireError
from grader.engine.wire.library_values import FACTORIES, MAPPINGS, fill, made
from grader.engine.wire.values import (
    BIT_GENERATORS,
    DTYPE,
    MAX_DEPTH,
    MAX_INT_BYTES,
    MAX_NDIM,
    MAX_NODES,
    NAMED,
    Order,
    put_state,
)

_U32, _I64, _F64, _C128 = (struct.Struct(f) for f in ("<I", "<q", "<d", "<dd"))
_SHAPES = [struct.Struct(f"<{ndim}Q") for ndim in range(MAX_NDIM + 1)]


class Decoder:
    """Decodes one message. `objects` are the changeable objects met so far, beginning with `known`."""

    def __init__(self, data: bytes | bytearray, admit: Callable[[bytes, Any], Any], known: list | tuple = ()):
        self.objects, self.comparisons = list(known), Comparisons()
        self._data, self._at, self._nodes = data, 0, 0
        self._admit = admit
        self._copies: dict[int, np.ndarray] = {}

    def value(self) -> Any:
        """The next value. Raises WireError for anything malformed, forbidden or out of bounds."""
        try:
            return self._value(0)
        except WireError:
            raise
        except Exception as error:
            raise WireError(f"malformed message ({type(error).__name__})") from None

    def _value(self, depth: int) -> Any:
        return self._values(1, depth)[0]

    def _values(self, count: int, depth: int) -> list:
        self._nodes += count
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise WireError("a value was nested too deeply or had too many parts")
        values = []
        for _ in range(count):
            tag = self._data[self._at]
            self._at += 1
            values.append(_READERS.get(tag, Decoder._foreign)(self, depth))
        return values

    def _foreign(self, depth: int) -> Any:
        tag = self._data[self._at - 1 : self._at]
        return self._admit(bytes(tag), self._value(depth + 1))

    def _take(self, count: int) -> bytes | bytearray:
        if count > len(self._data) - self._at:
            raise WireError("a message ended too early")
        start, self._at = self._at, self._at + count
        return self._data[start : self._at]

    def _unpack(self, form: struct.Struct) -> tuple:
        start, self._at = self._at, self._at + form.size
        return form.unpack_from(self._data, start)

    def _block(self) -> bytes | bytearray:
        start = self._at + 4
        self._at = end = start + _U32.unpack_from(self._data, self._at)[0]
        if end > len(self._data):
            raise WireError("a message ended too early")
        return self._data[start:end]

    def _str(self, _depth: int = 0) -> str:
        return self._block().decode("utf-8", "surrogatepass")

    def _items(self, depth: int) -> list:
        (count,) = self._unpack(_U32)
        if count > len(self._data) - self._at:
            raise WireError("a message ended too early")
        return self._values(count, depth + 1)

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
        result.update(zip(self.comparisons.spread(items[::2]), items[1::2], strict=True))
        return result

    def _mapping(self, depth: int) -> dict:
        name, factory = self._str(), self._value(depth + 1)
        if not any(factory is known for known in FACTORIES):
            raise WireError("a forbidden factory")
        result = self._remember(MAPPINGS[name](factory))
        items = self._items(depth)
        fill(result, self.comparisons.spread(items[::2]), items[1::2])
        return result

    def _deque(self, depth: int) -> deque:
        place, maxlen = self._reserve(), self._value(depth + 1)
        self.objects[place] = result = deque[Any](maxlen=maxlen)
        result.extend(self._items(depth))
        return result

    def _table(self, depth: int) -> Any:
        place = self._reserve()
        self.objects[place] = tables.made(*self._value(depth + 1))
        return self.objects[place]

    def _set(self, depth: int) -> set:
        result = self._remember(set())
        result.update(self.comparisons.spread(self._items(depth)))
        return result

    def _int(self, _depth: int) -> int:
        block = self._block()
        if len(block) > MAX_INT_BYTES:
            raise WireError("an integer is too large")
        return int.from_bytes(block, "little", signed=True)

    def _dtype(self, _depth: int = 0) -> np.dtype:
        return known_dtype(self._str())

    def _array(self, _depth: int) -> np.ndarray:
        dtype = self._dtype()
        fortran, ndim = self._take(2)
        shape = self._unpack(_SHAPES[ndim])
        (size,) = self._unpack(_U32)
        if math.prod(shape) * dtype.itemsize != size or (not dtype.itemsize and math.prod(shape) > 1):
            raise WireError("an array whose size is not that of its data")
        if size > len(self._data) - self._at:
            raise WireError("a message ended too early")
        start, self._at = self._at, self._at + size
        order: Order = "F" if fortran else "C"
        if not size:
            return self._remember(np.zeros(shape, dtype, order))
        if dtype.kind == "b":  # any byte but 0 means True
            return self._remember(np.ndarray(shape, np.uint8, self._data, start, None, order) != 0)
        return self._remember(np.ndarray(shape, dtype, self._data, start, None, order).copy("K"))

    def _view(self, _depth: int) -> np.ndarray:
        (index,) = self._unpack(_U32)
        base, dtype = self._laid_out(index), self._dtype()
        offset, shape, strides = self._value(0)
        if base is None or not dtype.itemsize:
            raise WireError("a view of something that is no array")
        if any(type(number) is not int for number in (offset, *shape, *strides)):
            raise WireError("a view measured in numbers that overflow")
        if dtype.kind == "b" and base.dtype.kind != "b":
            raise WireError("a view that takes other values for True and False")
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

    def _laid_out(self, index: int) -> np.ndarray | None:
        """Array `index` as the other side holds it: one with gaps, or backwards, arrived there as a copy."""
        base = self.objects[index]
        if not isinstance(base, np.ndarray):
            return None
        if not base.flags.forc and index not in self._copies:
            self._copies[index] = np.ascontiguousarray(base)
        return self._copies.get(index, base)

    def _scalar(self, _depth: int) -> np.generic:
        dtype, block = self._dtype(), self._block()
        if len(block) != dtype.itemsize:
            raise WireError("a scalar whose size is not that of its dtype")
        return np.frombuffer(bytes(block), dtype)[0] if dtype.itemsize else dtype.type()

    def _generator(self, depth: int) -> np.random.Generator:
        place = self._reserve()
        state = self._value(depth + 1)
        if state["bit_generator"] not in BIT_GENERATORS:
            raise WireError("an unknown bit generator")
        self.objects[place] = np.random.Generator(getattr(np.random, state["bit_generator"])())
        put_state(self.objects[place], state)
        return self.objects[place]

    def _random_state(self, depth: int) -> np.random.RandomState:
        place = self._reserve()
        self.objects[place] = np.random.RandomState(0)
        put_state(self.objects[place], self._value(depth + 1))
        return self.objects[place]

    def _reserve(self) -> int:
        """The place of an object that is made after its parts."""
        self.objects.append(None)
        return len(self.objects) - 1


@functools.lru_cache(maxsize=256)
def known_dtype(name: str) -> np.dtype:
    """The dtype of that name, if arrays of it may cross."""
    if not DTYPE.match(name):
        raise WireError("an array of a forbidden dtype")
    return np.dtype(name)


def _number(form: struct.Struct) -> Callable[[Decoder, int], Any]:
    size, unpack = form.size, form.unpack_from

    def read(decoder: Decoder, _depth: int) -> Any:
        start, decoder._at = decoder._at, decoder._at + size
        return unpack(decoder._data, start)[0]

    return read


_READERS: dict[int, Callable[[Decoder, int], Any]] = {
    ord("N"): lambda r, d: None,
    ord("T"): lambda r, d: True,
    ord("F"): lambda r, d: False,
    ord("i"): _number(_I64),
    ord("I"): Decoder._int,
    ord("f"): _number(_F64),
    ord("c"): lambda r, d: complex(*r._unpack(_C128)),
    ord("s"): Decoder._str,
    ord("b"): lambda r, d: bytes(r._block()),
    ord("("): lambda r, d: tuple(r._items(d)),
    ord("["): Decoder._list,
    ord("{"): Decoder._dict,
    ord("<"): Decoder._set,
    ord(">"): lambda r, d: frozenset(r.comparisons.spread(r._items(d))),
    ord(":"): lambda r, d: slice(*r._items(d)),
    ord("R"): lambda r, d: range(*r._items(d)),
    ord("."): lambda r, d: Ellipsis,
    ord("a"): Decoder._array,
    ord("v"): Decoder._view,
    ord("g"): Decoder._scalar,
    ord("d"): Decoder._dtype,
    ord("n"): lambda r, d: NAMED[r._str()],
    ord("r"): lambda r, d: r.objects[r._unpack(_U32)[0]],
    ord("D"): Decoder._mapping,
    ord("Q"): Decoder._deque,
    ord("P"): Decoder._table,
    ord("L"): lambda r, d: made(*r._value(d + 1)),
    ord("G"): Decoder._generator,
    ord("S"): Decoder._random_state,
}
