"""Arrays out of the bytes of a message; sizes and places are checked before memory is taken or looked at."""

from __future__ import annotations

import functools
import math
import struct
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from grader.engine.wire import arrays
from grader.engine.wire.channel import WireError
from grader.engine.wire.cursor import U32
from grader.engine.wire.values import DTYPE, MAX_NDIM, Order

if TYPE_CHECKING:
    from grader.engine.wire.decoding import Decoder

_SHAPES = [struct.Struct(f"<{ndim}QI") for ndim in range(MAX_NDIM + 1)]  # and the bytes that follow


def array(decoder: Decoder, _depth: int) -> np.ndarray:
    dtype = dtype_of(decoder)
    fortran, ndim = decoder.take(2)
    *shape, size = decoder.unpack(_SHAPES[ndim])
    if math.prod(shape) * dtype.itemsize != size or (not dtype.itemsize and math.prod(shape) > 1):
        raise WireError("an array whose size is not that of its data")
    if size > len(decoder.data) - decoder.at:
        raise WireError("a message ended too early")
    start, decoder.at = decoder.at, decoder.at + size
    order: Order = "F" if fortran else "C"
    if not size:
        return decoder.remember(np.zeros(shape, dtype, order))
    if dtype.kind == "b":  # any byte but 0 means True
        return decoder.remember(np.ndarray(shape, np.uint8, decoder.data, start, None, order) != 0)
    return decoder.remember(np.ndarray(shape, dtype, decoder.data, start, None, order).copy("K"))


def in_parts(decoder: Decoder, depth: int) -> np.ndarray:
    place = decoder.reserve()
    decoder.objects[place] = arrays.made(*decoder.part(depth + 1))
    return decoder.objects[place]


def view(decoder: Decoder, _depth: int) -> np.ndarray:
    (index,) = decoder.unpack(U32)
    base, dtype = _laid_out(decoder, index), dtype_of(decoder)
    offset, shape, strides = decoder.part(0)
    if base is None or not dtype.itemsize or base.dtype.hasobject or base.dtype.names:
        raise WireError("a view of something that is no array")
    if any(type(number) is not int for number in (offset, *shape, *strides)):
        raise WireError("a view measured in numbers that overflow")
    if dtype.kind == "b" and base.dtype.kind != "b":
        raise WireError("a view that takes other values for True and False")
    if not _lies_within(base.nbytes, offset, shape, strides, dtype.itemsize):
        raise WireError("a view beyond its array")
    flat = base.reshape(-1, order="A").view(np.uint8)
    return decoder.remember(np.ndarray(tuple(shape), dtype, flat, offset, tuple(strides)))


def _lies_within(size: int, offset: int, shape: Sequence[int], strides: Sequence[int], itemsize: int) -> bool:
    """Whether a view touches only the `size` bytes of its array, and has no more entries than these."""
    steps = [(n - 1) * stride for n, stride in zip(shape, strides, strict=True)]
    first = offset + sum(step for step in steps if step < 0)
    end = offset + itemsize + sum(step for step in steps if step > 0)
    return all(n > 0 for n in shape) and first >= 0 and end <= size and math.prod(shape) <= size


def _laid_out(decoder: Decoder, index: int) -> np.ndarray | None:
    """Array `index` as the other side holds it: one with gaps, or backwards, arrived there as a copy."""
    base = decoder.objects[index]
    if type(base) is not np.ndarray:
        return None
    if not base.flags.forc and index not in decoder.copies:
        decoder.copies[index] = np.ascontiguousarray(base)
    return decoder.copies.get(index, base)


def scalar(decoder: Decoder, _depth: int) -> np.generic:
    dtype, block = dtype_of(decoder), decoder.block()
    if len(block) != dtype.itemsize:
        raise WireError("a scalar whose size is not that of its dtype")
    return np.frombuffer(bytes(block), dtype)[0] if dtype.itemsize else dtype.type()


def dtype_of(decoder: Decoder) -> np.dtype:
    return _dtype_called(bytes(decoder.block()))


def any_dtype(decoder: Decoder, _depth: int) -> np.dtype:
    """A dtype by itself, of which no array is made: that of objects may cross, too."""
    name = decoder.text()
    return np.dtype(object) if name == "|O" else known_dtype(name)


@functools.lru_cache(maxsize=256)
def _dtype_called(name: bytes) -> np.dtype:
    return known_dtype(name.decode("utf-8", "surrogatepass"))


@functools.lru_cache(maxsize=256)
def known_dtype(name: str) -> np.dtype:
    """The dtype of that name, if arrays of it may cross."""
    if not DTYPE.match(name):
        raise WireError("an array of a forbidden dtype")
    return np.dtype(name)
