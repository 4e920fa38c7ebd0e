"""DataFrame, Series and Index by value: typed columns of plain values, made anew by the pandas of this side.

What has columns of other kinds, an index of several levels, or is a class of somebody's own, stays a handle.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from grader.engine.wire.channel import WireError

SCALARS = (type(None), bool, int, float, complex, str, bytes)
_PLAIN_KINDS = "biufcmM"
_SIZES = (8, 16, 32, 64)
_NULLABLE = frozenset(
    ("boolean", "Float32", "Float64", *(f"Int{n}" for n in _SIZES), *(f"UInt{n}" for n in _SIZES))
)


def is_table(value: Any) -> bool:
    """Whether it is one of pandas' own tables, columns or indices."""
    pandas = sys.modules.get("pandas")
    if pandas is None or not hasattr(pandas, "DataFrame"):  # it may be in the middle of its import
        return False
    return type(value) in (pandas.DataFrame, pandas.Series, pandas.Index, pandas.RangeIndex)


def parts(value: Any) -> tuple | None:
    """(kind, *plain parts) of a table that crosses; None for one that does not."""
    try:
        return _PARTS[type(value).__name__](value)
    except _Stays:
        return None


def made(kind: Any, *fields: Any) -> Any:
    """The table of claimed parts. Raises WireError, or what pandas says to parts that are none."""
    import pandas  # noqa: F401  # only where one arrives

    if kind not in _MAKERS:
        raise WireError("an unknown kind of table")
    return _MAKERS[kind](*fields)


def restore(target: Any, contents: Any) -> None:
    """Bring an in-place change into a DataFrame or Series."""
    if type(contents) is not type(target):
        raise WireError("a table of another kind")
    target._update_inplace(contents)


def same(one: Any, other: Any) -> bool:
    """Whether two tables agree in kind, values, dtypes, index and name."""
    alike = type(one) is type(other) and one.equals(other)
    return bool(alike and getattr(one, "name", None) == getattr(other, "name", None))


class _Stays(Exception):
    """It does not cross."""


def _column(values: Any) -> np.ndarray | tuple[str, list]:
    dtype = values.dtype
    if isinstance(dtype, np.dtype) and dtype.kind in _PLAIN_KINDS:
        return np.array(values.to_numpy())  # a copy: pandas lends its own for reading only
    if str(dtype) in _NULLABLE:
        missing = sys.modules["pandas"].NA
        return str(dtype), [None if item is missing else item for item in values.tolist()]
    kind = "str" if str(dtype) == "str" else "object" if dtype.kind == "O" else ""
    items = values.tolist() if kind else []
    if not kind or any(type(item) not in SCALARS for item in items):
        raise _Stays
    return kind, items


def _name(name: Any) -> Any:
    plain = name if isinstance(name, tuple) else (name,)
    if any(type(part) not in SCALARS for part in plain):
        raise _Stays
    return name


def _index(index: Any) -> tuple:
    if type(index).__name__ == "RangeIndex":
        return "RangeIndex", index.start, index.stop, index.step, _name(index.name)
    if not is_table(index):
        raise _Stays
    return "Index", _column(index), _name(index.name)


_PARTS: dict[str, Callable[[Any], tuple]] = {
    "Index": _index,
    "RangeIndex": _index,
    "Series": lambda s: ("Series", _column(s), _index(s.index), _name(s.name)),
    "DataFrame": lambda df: (
        "DataFrame",
        [_column(df.iloc[:, number]) for number in range(df.shape[1])],
        _index(df.index),
        _index(df.columns),
    ),
}


def _array(column: Any) -> Any:
    """A column's values, of exactly the types that were checked."""
    if isinstance(column, np.ndarray):
        return column
    kind, items = column
    if kind not in ("str", "object", *_NULLABLE) or any(type(item) not in SCALARS for item in items):
        raise WireError("a malformed column")
    array = np.empty(len(items), object)
    array[:] = items
    return array if kind == "object" else sys.modules["pandas"].array(array, dtype=kind)


def _made_index(kind: Any, *fields: Any) -> Any:
    if kind not in ("Index", "RangeIndex"):
        raise WireError("no index")
    return _MAKERS[kind](*fields)


def _made_series(column: Any, index: tuple, name: Any) -> Any:
    values = _array(column)
    return sys.modules["pandas"].Series(values, _made_index(*index), dtype=values.dtype, name=name)


def _made_frame(columns: list, index: tuple, names: tuple) -> Any:
    pandas = sys.modules["pandas"]
    rows = _made_index(*index)
    made = {n: pandas.Series(a, rows, dtype=a.dtype) for n, a in enumerate(map(_array, columns))}
    frame = pandas.DataFrame(made, index=rows)
    frame.columns = _made_index(*names)
    return frame


def _made_plain_index(column: Any, name: Any) -> Any:
    values = _array(column)
    return sys.modules["pandas"].Index(values, dtype=values.dtype, name=name)


_MAKERS: dict[str, Callable[..., Any]] = {
    "Index": _made_plain_index,
    "RangeIndex": lambda start, stop, step, name: sys.modules["pandas"].RangeIndex(
        start, stop, step, name=name
    ),
    "Series": _made_series,
    "DataFrame": _made_frame,
}
