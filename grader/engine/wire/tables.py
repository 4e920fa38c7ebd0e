"""DataFrame, Series, Index and pandas' arrays by value: typed columns of plain values, made anew by the
pandas of this side.

What has columns of other kinds stays a handle. A class of the student's own that derives from DataFrame or
Series crosses as a bare class of that name: what it overrides stays behind.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from grader.engine.wire.channel import WireError
from grader.engine.wire.columns import INDICES, Stays, array, column, index, index_from, name

MAX_NAME = 100
_ARRAYS = ("Categorical", "BooleanArray", "IntegerArray", "FloatingArray", "StringArray")


def is_table(value: Any) -> bool:
    """Whether it is a table, column, index or array of pandas, or of a student's class of them."""
    pandas = sys.modules.get("pandas")
    if pandas is None or not hasattr(pandas, "DataFrame"):  # it may be in the middle of its import
        return False
    kind = type(value)
    if kind.__module__.partition(".")[0] != "pandas":
        return kind.__module__ == "__main__" and isinstance(value, (pandas.DataFrame, pandas.Series))
    return kind.__name__ in _PARTS


def parts(value: Any) -> tuple | None:
    """(kind, *plain parts) of a table that crosses; None for one that does not."""
    kind = type(value)
    try:
        if kind.__module__ != "__main__":
            return _PARTS[kind.__name__](value)
        base = _base(value)
        return "own", kind.__name__, _PARTS[base.__name__](base(value))
    except Stays:
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


def _base(value: Any) -> type:
    pandas = sys.modules["pandas"]
    return pandas.DataFrame if isinstance(value, pandas.DataFrame) else pandas.Series


_PARTS: dict[str, Callable[[Any], tuple]] = {
    **dict.fromkeys(INDICES, index),
    **dict.fromkeys(_ARRAYS, lambda values: ("array", column(values))),
    "Series": lambda s: ("Series", column(s), index(s.index), name(s.name)),
    "DataFrame": lambda df: (
        "DataFrame",
        [column(df.iloc[:, number]) for number in range(df.shape[1])],
        index(df.index),
        index(df.columns),
    ),
}


def _series_from(parts: Any, index: tuple, name: Any) -> Any:
    values = array(parts)
    return sys.modules["pandas"].Series(values, index_from(*index), dtype=values.dtype, name=name)


def _frame_from(columns: list, index: tuple, names: tuple) -> Any:
    pandas = sys.modules["pandas"]
    rows = index_from(*index)
    made = {n: pandas.Series(a, rows, dtype=a.dtype) for n, a in enumerate(map(array, columns))}
    frame = pandas.DataFrame(made, index=rows)
    frame.columns = index_from(*names)
    return frame


def _own_from(name: Any, content: tuple) -> Any:
    if not name.isidentifier() or len(name) > MAX_NAME or content[0] not in ("DataFrame", "Series"):
        raise WireError("no class of tables")
    plain = made(*content)
    return type(name, (type(plain),), {"__module__": "__main__"})(plain)


_MAKERS: dict[str, Callable[..., Any]] = {
    **{kind: lambda *fields, kind=kind: index_from(kind, *fields) for kind in INDICES},
    "array": array,
    "Series": _series_from,
    "DataFrame": _frame_from,
    "own": _own_from,
}
