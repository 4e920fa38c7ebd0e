"""For the run of a test in this process: what a class of the student's says of itself proves nothing.

An object that says it equals whatever it is compared with, or that any difference is 0, would pass a test
that compares it with a plain value. That holds for methods that no class of the course's own answer defines.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from itertools import islice, permutations
from types import FunctionType, ModuleType, NoneType
from typing import Any

import numpy as np

CLAIMS = "__claims__"  # the name under which a test finds them
LOOKED_AT = 1000  # items of a list, with what is in them
_SIMPLE = (bool, int, float, complex, str, bytes, NoneType)
_PLAIN = (*_SIMPLE, list, tuple, dict, set, frozenset, np.ndarray, np.generic)
_SIMPLE_IDS = frozenset(map(id, _SIMPLE))  # a metaclass may say that it equals one
_MADE_BY = ("<frozen ", "<attrs generated ")  # how Python and attrs call the files of their methods
_PREFIXES = (sys.prefix + os.sep, sys.base_prefix + os.sep)
_BY_DATACLASS = "__create_fn__."


class Claims:
    """Refuses to compare. methods: those that count as claims. classes, modules: the names of those that are
    the instructor's. masks: whether an array may have masked entries, which functions of
    `numpy.testing` find equal to whatever they meet."""

    def __init__(
        self, methods: tuple[str, ...], classes: tuple[str, ...], modules: tuple[str, ...], masks: bool
    ):
        self._methods, self._classes, self._modules = frozenset(methods), classes, modules
        self._masks = masks
        self._met: dict[str, list] = {}

    def met(self, number: str, first: bool, value: Any) -> Any:
        """The value, which takes part in comparison `number` of the test. TypeError where an object that
        would merely claim to be equal meets one that is not the student's."""
        others = self._met.setdefault(number, [])
        if first:
            others.clear()
        if not isinstance(value, ModuleType):
            for other in others:
                self._together(value, other)
            others.append(value)
        return value

    def met_all(self, number: str, first: bool, values: Iterable[Any]) -> list[Any]:
        """The values of a starred argument."""
        return [self.met(number, first and not at, value) for at, value in enumerate(values)]

    def _together(self, *values: Any) -> None:
        for claim, plain in permutations(values, 2):
            given = isinstance(plain, _PLAIN) or type(plain).__module__ != "__main__"
            if given and (kind := self._claiming(claim)) and not self._claiming(plain):
                raise TypeError(f"{kind.__name__} says itself what it is equal to; return a plain value")

    def _claiming(self, value: Any) -> type | None:
        if id(type(value)) in _SIMPLE_IDS:
            return None
        items = list(islice(_all_in([value]), LOOKED_AT))
        if not self._masks and any(isinstance(i, np.ma.MaskedArray) and np.ma.is_masked(i) for i in items):
            return np.ma.MaskedArray
        return next((kind for kind in set(map(type, items)) if self._claims(kind)), None)

    def _claims(self, kind: type) -> bool:
        """Whether a class has a method that counts and that only the student can have written."""
        if id(kind) in _SIMPLE_IDS or kind.__name__ in self._classes:
            return False
        if kind.__module__ == "unittest.mock" and not issubclass(kind, _PLAIN):
            return True
        written = ((base, vars(base)) for base in kind.__mro__)
        return any(self._is_own(base, of[name]) for base, of in written for name in self._methods & of.keys())

    def _is_own(self, base: type, method: Any) -> bool:
        if isinstance(method, FunctionType):
            return not self._is_given(method.__code__.co_filename, method.__code__.co_qualname)
        if method is None or getattr(method, "__objclass__", None) is base:  # written in C, for this class
            return False
        module = sys.modules.get(base.__module__)
        if base.__module__ == "__main__" or getattr(module, base.__name__, None) is not base:
            return True
        return not self._is_given(getattr(module, "__file__", None) or "", "")

    def _is_given(self, file: str, name: str) -> bool:
        """Whether what a file defines is a library's or the instructor's; `dataclass` writes a text."""
        if not os.path.isabs(file):
            return file.startswith(_MADE_BY) or (file == "<string>" and name.startswith(_BY_DATACLASS))
        beside, _, inner = file.partition(os.getcwd() + os.sep)
        if beside or file.startswith(_PREFIXES):
            return True
        return inner.partition(os.sep)[0].removesuffix(".py") in self._modules


def _all_in(values: Iterable[Any]) -> Iterator[Any]:
    """The values and, level by level, all that is in those that are containers."""
    level: Iterable[Any] = values
    while level:
        below: list[Any] = []
        for value in level:
            yield value
            if isinstance(value, dict):
                below += [*islice(value, LOOKED_AT), *islice(value.values(), LOOKED_AT)]
            elif isinstance(value, list | tuple | set | frozenset):
                below += islice(value, LOOKED_AT)
            elif isinstance(value, np.ndarray) and value.dtype == object:
                below += islice(value.flat, LOOKED_AT)
        level = below
