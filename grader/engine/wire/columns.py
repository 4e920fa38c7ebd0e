"""The columns and indices of tables as plain parts, and back: NumPy's kinds, texts, pandas' nullable kinds,
categories, dates with their frequency, indices of several levels. Others do not cross.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from grader.engine.wire.channel import WireError

SCALARS = (type(None), bool, int, float, complex, str, bytes)
_PLAIN_KINDS = "biufcmM"
_SIZES = (8, 16, 32, 64)
_NULLABLE = frozenset(
    ("boolean", "string", "Float32", "Float64", *(f"Int{n}" for n in _SIZES), *(f"UInt{n}" for n in _SIZES))
)
_FREQUENCY = re.compile(r"-?\d{0,4}[A-Za-z]{1,5}(?:-[A-Z]{3})?")
INDICES = ("Index", "RangeIndex", "DatetimeIndex", "TimedeltaIndex", "CategoricalIndex", "MultiIndex")
Column = np.ndarray | tuple


class Stays(Exception):
    """It does not cross."""


def column(values: Any) -> Column:
    """The plain parts of a column's values. Raises Stays."""
    dtype = values.dtype
    if isinstance(dtype, np.dtype) and dtype.kind in _PLAIN_KINDS:
        return np.array(values.to_numpy())  # a copy: pandas lends its own for reading only
    if str(dtype) in _NULLABLE:
        missing = sys.modules["pandas"].NA
        return str(dtype), [None if item is missing else item for item in values.tolist()]
    if str(dtype) == "category":
        held = getattr(values, "array", values)
        return "category", np.array(held.codes), index(dtype.categories), bool(dtype.ordered)
    kind = "str" if str(dtype) == "str" else "object" if dtype.kind == "O" else ""
    items = values.tolist() if kind else []
    if not kind or any(type(item) not in SCALARS for item in items):
        raise Stays
    return kind, items


def array(parts: Any) -> Any:
    """A column's values, of exactly the types that were checked."""
    if isinstance(parts, np.ndarray):
        return parts
    kind, items, *more = parts
    if kind == "category":
        return _categorical(items, *more)
    if kind not in ("str", "object", *_NULLABLE) or any(type(item) not in SCALARS for item in items):
        raise WireError("a malformed column")
    made = np.empty(len(items), object)
    made[:] = items
    return made if kind == "object" else sys.modules["pandas"].array(made, dtype=kind)


def name(value: Any) -> Any:
    """The name of a column or index, of plain parts. Raises Stays."""
    plain = value if isinstance(value, tuple) else (value,)
    if any(type(part) not in SCALARS for part in plain):
        raise Stays
    return value


def index(value: Any) -> tuple:
    """(kind, *plain parts) of an index. Raises Stays."""
    kind = type(value).__name__
    if type(value) is not getattr(sys.modules["pandas"], kind, None) or kind not in INDICES:
        raise Stays
    return kind, *_TOLD[kind](value)


def index_from(kind: Any, *fields: Any) -> Any:
    """The index of claimed parts. Raises WireError, or what pandas says to parts that are none."""
    if kind not in INDICES:
        raise WireError("no index")
    return _MAKERS[kind](*fields)


def _range(value: Any) -> tuple:
    return value.start, value.stop, value.step, name(value.name)


def _dates(value: Any) -> tuple:
    if not isinstance(value.dtype, np.dtype):  # of a time zone
        raise Stays
    frequency = value.freqstr
    if frequency is not None and not _FREQUENCY.fullmatch(frequency):
        raise Stays
    return np.array(value.to_numpy()), frequency, name(value.name)


def _levels(value: Any) -> tuple:
    codes = [np.array(codes) for codes in value.codes]
    return [index(level) for level in value.levels], codes, [name(part) for part in value.names]


_TOLD: dict[str, Callable[[Any], tuple]] = {
    "Index": lambda value: (column(value), name(value.name)),
    "RangeIndex": _range,
    "DatetimeIndex": _dates,
    "TimedeltaIndex": _dates,
    "CategoricalIndex": lambda value: (column(value), name(value.name)),
    "MultiIndex": _levels,
}


def _categorical(codes: Any, categories: Any, ordered: Any) -> Any:
    made = index_from(*categories)
    return sys.modules["pandas"].Categorical.from_codes(codes, made, ordered=ordered is True)


def _plain_from(parts: Any, name: Any) -> Any:
    values = array(parts)
    return sys.modules["pandas"].Index(values, dtype=values.dtype, name=name)


def _dates_from(kind: str) -> Callable[..., Any]:
    def make(values: np.ndarray, frequency: Any, name: Any) -> Any:
        if frequency is not None and not _FREQUENCY.fullmatch(frequency):
            raise WireError("no frequency")
        return getattr(sys.modules["pandas"], kind)(values, freq=frequency, name=name)

    return make


def _levels_from(levels: list, codes: list, names: list) -> Any:
    held = [index_from(*level) for level in levels]
    return sys.modules["pandas"].MultiIndex(levels=held, codes=codes, names=names)


_MAKERS: dict[str, Callable[..., Any]] = {
    "Index": _plain_from,
    "RangeIndex": lambda start, stop, step, name: sys.modules["pandas"].RangeIndex(
        start, stop, step, name=name
    ),
    "DatetimeIndex": _dates_from("DatetimeIndex"),
    "TimedeltaIndex": _dates_from("TimedeltaIndex"),
    "CategoricalIndex": _plain_from,
    "MultiIndex": _levels_from,
}
