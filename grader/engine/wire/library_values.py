"""Values of the standard library that cross as what they are: made anew, of exact types, from bounded parts.

Not among them: what reaches out (paths, files), times with a zone of somebody's making, classes with methods.
"""

from __future__ import annotations

import datetime
import functools
import keyword
import re
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from grader.engine.wire.channel import WireError

MAX_FIELDS = 100


class Asking(dict):
    """A dict that asks `missing` for the value of a key that it does not have."""

    __slots__ = ("_missing",)

    def __init__(self, missing: Callable[[Any], Any]):
        super().__init__()
        self._missing = missing

    def __missing__(self, key: Any) -> Any:
        return self._missing(key)


MAPPINGS: dict[str, Callable[[Any], dict]] = {
    "Counter": lambda factory: Counter(),
    "OrderedDict": lambda factory: OrderedDict(),
    "defaultdict": defaultdict,
    "Asking": Asking,
}
FACTORIES = (None, int, float, complex, bool, str, bytes, tuple, list, dict, set)
ELSEWHERE = (b"h", b"o", b"k")  # the tags of what is called on the other side
_EMPTY: dict[Any, Any] = {}
_KEYS, _ITEMS = type(_EMPTY.keys()), type(_EMPTY.items())
_VIEWS: dict[type, str] = {_KEYS: "keys", _ITEMS: "items", MappingProxyType: "read-only"}
VIEWS = tuple(_VIEWS)
_DECIMAL = re.compile(r"-?(?:\d{1,999}(?:\.\d{1,999})?(?:E[+-]\d{1,3})?|NaN|Infinity)")
_KINDS: dict[str, Callable[..., Any]] = {
    "Fraction": Fraction,
    "Decimal": lambda text: _decimal(text),
    "date": datetime.date,
    "time": datetime.time,
    "datetime": datetime.datetime,
    "timedelta": datetime.timedelta,
    "keys": dict.keys,
    "items": dict.items,
    "read-only": MappingProxyType,
    "namedtuple": lambda name, fields, values: _record(name, fields)(*values),  # type: ignore[has-type]
}


def parts(value: Any) -> tuple | None:
    """(kind, *plain parts) of a value that crosses as what it is; None for any other."""
    kind = type(value)
    if kind is Fraction:
        return "Fraction", value.numerator, value.denominator
    if kind is Decimal and _DECIMAL.fullmatch(str(value)):
        return "Decimal", str(value)
    if kind is datetime.date:
        return "date", value.year, value.month, value.day
    if kind is datetime.time and value.tzinfo is None:
        return "time", value.hour, value.minute, value.second, value.microsecond
    if kind is datetime.datetime and value.tzinfo is None:
        return "datetime", *value.timetuple()[:6], value.microsecond
    if kind is datetime.timedelta:
        return "timedelta", value.days, value.seconds, value.microseconds
    if kind in _VIEWS:
        return _VIEWS[kind], dict(value) if kind is not _KEYS else dict.fromkeys(value)
    if kind.__mro__[1:] == (tuple, object) and isinstance(getattr(kind, "_fields", None), tuple):
        return "namedtuple", kind.__name__, kind._fields, tuple(value)
    return None


def is_bare_record(kind: type) -> bool:
    """Whether a class is a named tuple and nothing more: it has no method of somebody's own."""
    fields = getattr(kind, "_fields", ())
    return kind.__mro__[1:] == (tuple, object) and vars(kind).keys() <= _OF_RECORDS.union(fields)


def _decimal(text: str) -> Decimal:
    if not _DECIMAL.fullmatch(text):
        raise WireError("no decimal number")
    return Decimal(text)


def made(kind: Any, *fields: Any) -> Any:
    """The value of claimed parts. Raises WireError, or what the type says to parts that are none."""
    if kind not in _KINDS:
        raise WireError("an unknown kind of value")
    return _KINDS[kind](*fields)


def fill(mapping: dict, keys: Any, values: Any) -> None:
    """Put the pairs into a dict or one of its kin: a Counter's own `update` would count them."""
    for key, value in zip(keys, values, strict=True):
        mapping[key] = value


@functools.lru_cache(maxsize=256)
def _record(name: str, fields: tuple[str, ...]) -> type[tuple]:
    words = (name, *fields)
    if len(fields) > MAX_FIELDS or any(type(w) is not str or keyword.iskeyword(w) for w in words):
        raise WireError("no names of fields")
    if not all(word.isidentifier() and len(word) <= MAX_FIELDS for word in words):
        raise WireError("no names of fields")
    return namedtuple(name, fields)


_OF_STATEMENTS = (
    "annotations annotate annotate_func annotations_cache orig_bases firstlineno static_attributes"
)
_OF_RECORDS = {*vars(_record("Record", ())), *(f"__{name}__" for name in _OF_STATEMENTS.split())}
KIN = (Counter, OrderedDict, defaultdict)
CONTAINERS = (list, dict, set, deque)
