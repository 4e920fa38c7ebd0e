"""Dicts that answer for keys which they do not have, and their kin: what of them crosses as what it is."""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from typing import Any


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
KIN = (Counter, OrderedDict, defaultdict)
CONTAINERS = (list, dict, set, deque)


def fill(mapping: dict, keys: Any, values: Any) -> None:
    """Put the pairs into a dict or one of its kin: a Counter's own `update` would count them."""
    for key, value in zip(keys, values, strict=True):
        mapping[key] = value
