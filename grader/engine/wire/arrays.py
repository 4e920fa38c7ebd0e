"""Arrays by their parts, made anew on this side: matrices, arrays of objects, with a mask, with fields.

What lies in an array of objects crosses value by value, like the items of a list.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.ma  # NumPy loads it on first use, which would be anew in every forked process

from grader.engine.wire.channel import WireError

MAX_FIELDS = 1000


_masks = [True]  # whether an array may come with masked entries


def expect_masks(wanted: bool) -> None:
    """In a process where it is False masked entries come as NaN: functions of `numpy.testing` find them equal
    to whatever they are compared with."""
    _masks[0] = wanted


def parts(value: np.ndarray) -> tuple | None:
    """(kind, *parts) of such an array; None for one whose bytes tell all. The parts are copies."""
    if value is np.ma.masked:
        return ("masked constant",)
    if isinstance(value, np.ma.MaskedArray):
        mask = np.ma.getmask(value)
        filled = () if value.dtype.hasobject or value.dtype.names else (value.fill_value,)
        return "masked", np.array(value.data), mask is not np.ma.nomask and np.array(mask), *filled
    if isinstance(value, np.matrix):
        return "matrix", np.array(value)
    if value.dtype.names:
        columns = [np.array(value[name]) for name in value.dtype.names]
        return "fields", isinstance(value, np.recarray), value.shape, value.dtype.names, columns
    if value.dtype.kind == "O":
        return "objects", value.shape, list(np.asarray(value).flat)
    return None


def made(kind: Any, *fields: Any) -> np.ndarray:
    """The array of claimed parts. Raises WireError, or what NumPy says to parts that are none."""
    if kind not in _MAKERS:
        raise WireError("an unknown kind of array")
    return _MAKERS[kind](*fields)


def _masked(data: Any, mask: Any, *filled: Any) -> np.ndarray:
    if not _is_array(data) or not (mask is False or _is_array(mask)):
        raise WireError("no masked array")
    mask = np.ma.nomask if mask is False else mask
    array = np.ma.MaskedArray(data, mask=mask, fill_value=filled[0] if filled else None)
    return array if _masks[0] or not np.ma.is_masked(array) else np.where(array.mask, np.nan, array.data)


def _matrix(data: Any) -> np.matrix:
    if not _is_array(data) or data.ndim != 2:
        raise WireError("no matrix")
    return data.view(np.matrix)


def _with_fields(is_record: Any, shape: Any, names: Any, columns: Any) -> np.ndarray:
    if not 0 < len(names) <= MAX_FIELDS or not all(map(_is_array, columns)):
        raise WireError("no array with fields")
    if any(column.shape[: len(shape)] != shape for column in columns):
        raise WireError("a field of another shape")
    named = list(zip(names, columns, strict=True))
    array = np.empty(shape, [(name, column.dtype, column.shape[len(shape) :]) for name, column in named])
    for name, column in named:
        array[name] = column
    return array.view(np.recarray) if is_record is True else array


def _of_objects(shape: Any, items: Any) -> np.ndarray:
    if type(items) is not list or any(type(size) is not int for size in shape):
        raise WireError("no array of objects")
    if math.prod(shape) != len(items):
        raise WireError("an array whose size is not that of its data")
    array = np.empty(len(items), object)
    for place, item in enumerate(items):  # one by one: NumPy would take sequences apart
        array[place] = item
    return array.reshape(shape)


def _is_array(value: Any) -> bool:
    return type(value) is np.ndarray


_MAKERS: dict[str, Callable[..., np.ndarray]] = {
    "masked": _masked,
    "matrix": _matrix,
    "masked constant": lambda: np.ma.masked if _masks[0] else np.array(np.nan),
    "fields": _with_fields,
    "objects": _of_objects,
}
