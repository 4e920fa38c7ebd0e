"""Arrays into the bytes of a message, whole or as a view of one that the other side has."""

from __future__ import annotations

import functools
import struct
from typing import TYPE_CHECKING

import numpy as np

from grader.engine.wire import arrays
from grader.engine.wire.channel import MAX_FRAME, WireError
from grader.engine.wire.cursor import U32
from grader.engine.wire.values import DTYPE, MAX_NDIM, Order

if TYPE_CHECKING:
    from grader.engine.wire.encoding import Encoder

_SHAPES = [struct.Struct(f"<BB{ndim}Q") for ndim in range(MAX_NDIM + 1)]
_SMALL = 4096  # bytes of an array that is copied sooner than looked at


def array(encoder: Encoder, value: np.ndarray, depth: int) -> None:
    if _is_small_and_plain(value):
        if not encoder.seen(value):
            shape = _SHAPES[value.ndim].pack(0, value.ndim, *value.shape)
            encoder.data(_head_of(value.dtype) + shape, value.tobytes())
        return
    if value.nbytes > MAX_FRAME:
        raise WireError(f"an array of {value.nbytes >> 20} MB is too large to be checked")
    if not _is_of_bytes(value):
        _in_parts(encoder, value, depth)
    elif not _view_of_known(encoder, value) and not encoder.seen(value):
        _whole(encoder, value)


def _is_small_and_plain(value: np.ndarray) -> bool:
    """As most arrays are, by far: then little is to be found out about it."""
    if type(value) is not np.ndarray or value.base is not None or value.nbytes > _SMALL:
        return False
    return bool(_head_of(value.dtype)) and value.flags.c_contiguous


def _is_of_bytes(value: np.ndarray) -> bool:
    """Whether dtype, shape and bytes are all that there is to tell."""
    return bool(_name_of(value.dtype)) and not isinstance(value, (np.ma.MaskedArray, np.matrix))


def _in_parts(encoder: Encoder, value: np.ndarray, depth: int) -> None:
    if not encoder.seen(value):
        content = arrays.parts(value)
        if content is None:
            raise WireError(f"an array of dtype {value.dtype} cannot be checked: use numbers or texts")
        encoder.parts.append(b"A")
        encoder.add(content, depth + 1)


def _whole(encoder: Encoder, value: np.ndarray) -> None:
    flags = value.flags
    order: Order = "F" if flags.f_contiguous and not flags.c_contiguous else "C"
    plain = np.asarray(value, order=order)  # a plain ndarray, whatever the student made of it
    shape = _SHAPES[plain.ndim].pack(order == "F", plain.ndim, *plain.shape)
    encoder.data(_head_of(value.dtype) + shape, _raw(plain, order))


def _view_of_known(encoder: Encoder, value: np.ndarray) -> bool:
    """Write a view into an array that both sides hold; False when it is none."""
    base = value.base
    if base is None:
        return False
    while base is not None and id(base) not in encoder.index:
        base = getattr(base, "base", None)
    if (
        not isinstance(base, np.ndarray)
        or not _is_of_bytes(base)
        or id(value) in encoder.index
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
    encoder.index[id(value)] = len(encoder.objects)
    encoder.objects.append(value)
    encoder.text(b"v" + U32.pack(encoder.index[id(base)]), value.dtype.str)
    encoder.add(layout)
    return True


def scalar(encoder: Encoder, value: np.generic, depth: int) -> None:
    name = _name_of(value.dtype)
    if value.dtype.names:
        encoder.parts.append(b"W")
        encoder.add(np.asarray(value), depth + 1)
        return
    if not name:
        raise WireError(f"a value of dtype {value.dtype} cannot be checked")
    encoder.text(b"g", name)
    encoder.data(b"", value.tobytes())


@functools.lru_cache(maxsize=256)
def _name_of(dtype: np.dtype) -> str:
    """The name of a dtype whose arrays may cross, "" of any other."""
    return dtype.str if DTYPE.match(dtype.str) else ""


@functools.lru_cache(maxsize=256)
def _head_of(dtype: np.dtype) -> bytes:
    """How an array of that dtype begins; nothing where its bytes do not tell all."""
    name = _name_of(dtype).encode()
    return b"a" + U32.pack(len(name)) + name if name else b""


def _raw(array: np.ndarray, order: Order) -> bytes | memoryview:
    if order == "C" and array.nbytes > _SMALL and array.dtype.kind in "biufc":
        return array.reshape(-1).view(np.uint8).data
    return array.tobytes(order)
