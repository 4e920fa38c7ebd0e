"""Values of the standard library that cross as what they are: made anew, of exact types, from bounded parts.

Not among them: what reaches out (paths, files), times with a zone of somebody's making, classes with methods.
"""

from __future__ import annotations

import datetime
import re
from array import array
from collections import (
    ChainMap,
    UserDict,
    UserList,
    UserString,
)
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import numpy as np

from grader.engine.wire.channel import WireError
from grader.engine.wire.named_tuples import record

MAX_PATTERN = 1_000  # characters of a regular expression
_EMPTY: dict[Any, Any] = {}
_KEYS, _ITEMS = type(_EMPTY.keys()), type(_EMPTY.items())
VIEWS = (_KEYS, _ITEMS, MappingProxyType)
_WRAPPERS: dict[type, type] = {UserDict: dict, UserList: list, UserString: str}
WRAPPERS = (re.Pattern, array, ChainMap, *_WRAPPERS)
_NUMBERS = frozenset("bBhHiIlLqQfd")  # what an array of the standard library holds
_DECIMAL = re.compile(r"-?(?:\d{1,999}(?:\.\d{1,999})?(?:E[+-]\d{1,3})?|NaN|Infinity)")
_KINDS: dict[str, Callable[..., Any]] = {
    "Fraction": lambda one, other: Fraction(_exactly(int, one), _exactly(int, other)),
    "Decimal": lambda text: _decimal(text),
    "date": datetime.date,
    "time": datetime.time,
    "datetime": datetime.datetime,
    "timedelta": datetime.timedelta,
    "keys": dict.keys,
    "items": dict.items,
    "read-only": MappingProxyType,
    "pattern": lambda pattern, flags: _pattern(pattern, flags),
    "Timestamp": lambda value: _of_pandas("Timestamp", np.datetime64, value),
    "Timedelta": lambda value: _of_pandas("Timedelta", np.timedelta64, value),
    "array": lambda code, data: _array(code, data),
    "ChainMap": lambda *maps: ChainMap(*(_exactly(dict, part) for part in maps)),
    "UserDict": lambda data: UserDict(_exactly(dict, data)),
    "UserList": lambda data: UserList(_exactly(list, data)),
    "UserString": lambda data: UserString(_exactly(str, data)),
    "namedtuple": lambda name, fields, values: record(name, fields)(*values),
}


def parts(value: Any) -> tuple | None:
    """(kind, *plain parts) of a value that crosses as what it is; None for any other."""
    kind = type(value)
    if kind in _TOLD:
        return _TOLD[kind](value)
    if kind.__mro__[1:] == (tuple, object) and isinstance(getattr(kind, "_fields", None), tuple):
        return "namedtuple", kind.__name__, kind._fields, tuple(value)
    if kind.__module__.startswith("pandas") and isinstance(value, (datetime.datetime, datetime.timedelta)):
        return _moment(value)
    return None


def _time(value: datetime.time) -> tuple | None:
    fields = "time", value.hour, value.minute, value.second, value.microsecond
    return None if value.tzinfo else fields


def _datetime(value: datetime.datetime) -> tuple | None:
    return None if value.tzinfo else ("datetime", *value.timetuple()[:6], value.microsecond)


def _wrapper(value: Any) -> tuple | None:
    kind = type(value)
    return (kind.__name__, value.data) if type(value.data) is _WRAPPERS[kind] else None


_TOLD: dict[type, Callable[[Any], tuple | None]] = {
    Fraction: lambda v: ("Fraction", v.numerator, v.denominator),
    Decimal: lambda v: ("Decimal", str(v)) if _DECIMAL.fullmatch(str(v)) else None,
    datetime.date: lambda v: ("date", v.year, v.month, v.day),
    datetime.time: _time,
    datetime.datetime: _datetime,
    datetime.timedelta: lambda v: ("timedelta", v.days, v.seconds, v.microseconds),
    array: lambda v: ("array", v.typecode, v.tobytes()) if v.typecode in _NUMBERS else None,
    re.Pattern: lambda v: ("pattern", v.pattern, v.flags) if len(v.pattern) <= MAX_PATTERN else None,
    ChainMap: lambda v: ("ChainMap", *v.maps) if all(type(part) is dict for part in v.maps) else None,
    _KEYS: lambda v: ("keys", dict.fromkeys(v)),
    _ITEMS: lambda v: ("items", dict(v)),
    MappingProxyType: lambda v: ("read-only", dict(v)),
    **dict.fromkeys(_WRAPPERS, _wrapper),
}


def _moment(value: Any) -> tuple | None:
    """A time or a span of pandas', without a zone."""
    if isinstance(value, datetime.timedelta):
        return "Timedelta", value.to_timedelta64()  # type: ignore[attr-defined]
    return None if value.tzinfo else ("Timestamp", value.to_datetime64())


def _of_pandas(name: str, kind: type, value: Any) -> Any:
    import pandas

    return getattr(pandas, name)(_exactly(kind, value))


def _pattern(pattern: str | bytes, flags: int) -> re.Pattern:
    if len(pattern) > MAX_PATTERN:
        raise WireError("too long a pattern")
    return re.compile(pattern, flags & ~re.DEBUG)


def _array(code: str, data: bytes) -> array:
    if code not in _NUMBERS:
        raise WireError("no array of numbers")
    return array(code, _exactly(bytes, data))


def _exactly(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise WireError("another kind of value")
    return value


def _decimal(text: str) -> Decimal:
    if not _DECIMAL.fullmatch(text):
        raise WireError("no decimal number")
    return Decimal(text)


def made(kind: Any, *fields: Any) -> Any:
    """The value of claimed parts. Raises WireError, or what the type says to parts that are none."""
    if kind not in _KINDS:
        raise WireError("an unknown kind of value")
    return _KINDS[kind](*fields)
