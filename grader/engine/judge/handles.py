"""What a test cell holds of the student's: opaque handles of objects that stay in the student's process.

A handle never takes part in anything that would let the student's code decide a comparison or learn what is
expected: NumPy refuses it as an array, arithmetic and comparisons with a value of the judge's raise, and
float(), int() and len() of it accept nothing but plain numbers back. Operators between two student objects
run in the student's process where the course's own answer has a class that defines them; their results are
claims, like all results.
"""

from __future__ import annotations

import inspect
from types import FunctionType
from typing import Any

from grader.engine.judge.student_errors import CannotCross
from grader.engine.wire.abilities import ABILITIES
from grader.notebook.classes import JUDGING

_NO_CROSSING = {
    "__code__": "inspecting the code of",
    "__mro_entries__": "subclassing",
    "__globals__": "reading the globals of",
}


# Special names that are asked for over there; never those by which NumPy looks for an object's memory.
_OF_CLASSES = frozenset(f"__{name}__" for name in ("init", "new", "eq", "ne", "repr", "str", "hash", "bool"))
_ABOUT = frozenset(f"__{name}__" for name in ("dict", "annotations", "bases", "defaults", "post_init"))
TOLD = frozenset(f"__{name}__" for name in ABILITIES) | _OF_CLASSES | _ABOUT
_EMPTY = inspect.Parameter.empty


def signature_from(claim: Any) -> inspect.Signature:
    """A signature from (name, kind, has a default, default) of each parameter: a claim."""
    if not isinstance(claim, list):
        raise TypeError("no signature")
    parameters = [
        inspect.Parameter(str(name), tuple(inspect._ParameterKind)[kind], default=default if has else _EMPTY)
        for name, kind, has, default in claim
    ]
    return inspect.Signature(parameters)


class Handle:
    """An object of the student's, reached through `_link`; `_kind` is class, function or object."""

    __slots__ = ("_doc", "_key", "_kind", "_link", "_name")
    __doc__ = property(lambda self: self._doc)
    __array_ufunc__ = None  # `array + handle` is the student's __radd__, never NumPy's idea of the handle

    def __init__(self, link: Any, key: int, kind: str, name: str, doc: str = ""):
        values = {"_link": link, "_key": key, "_kind": kind, "_name": name, "_doc": doc}
        for slot, value in values.items():
            object.__setattr__(self, slot, value)

    @property
    def __name__(self) -> str:
        return self._name.rpartition(".")[2]

    @property  # type: ignore[misc]
    def __class__(self):
        """What isinstance(handle, type) and inspect.isfunction(handle) ask for."""
        return {"class": type, "function": FunctionType}.get(self._kind, type(self))

    def __repr__(self) -> str:
        if self._kind == "object" and "__repr__" in self._link.operators:
            return str(self._plain("repr", str))
        return f"<the student's {self._kind} {self.__name__}>"

    def __hash__(self) -> int:
        self._own_word("__hash__")
        return hash((Handle, self._key))

    def __format__(self, spec: str) -> str:
        self._own_word("__format__")
        return object.__format__(self, spec)

    def _own_word(self, name: str) -> None:
        """Where the course's own answer has a class with this method, the student's says what it gives."""
        if self._kind == "object" and name in self._link.operators:
            raise CannotCross(f"the {name} of the student's {self.__name__} object is not asked from outside")

    def __getattr__(self, name: str) -> Any:
        if name == "__qualname__":
            return self._name
        if name in _NO_CROSSING:
            raise CannotCross(
                f"{_NO_CROSSING[name]} the student's {self.__name__} is not possible in a graded test"
            )
        if name in JUDGING and self._kind == "object" and name not in self._link.operators:
            raise CannotCross(
                f"{name}() of the student's {self.__name__} object would believe the student's own"
            )
        if name == "__signature__" and callable(self):
            return signature_from(self._link.operator("signature", self))
        if name.startswith(("_repr_", "_ipython_")) or (_is_special(name) and name not in TOLD):
            raise AttributeError(name)  # nor does it say how it is displayed, or where its bytes lie
        return self._link.get(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._link.set(self, name, value)

    def __delattr__(self, name: str) -> None:
        raise CannotCross(
            f"deleting {name} of the student's {self.__name__} is not possible in a graded test"
        )

    def __array__(self, *_args, **_kwargs):
        raise TypeError(
            f"expected a number or an array, got an object of the student's class {self.__name__}"
        )

    def __instancecheck__(self, instance: Any) -> bool:
        return isinstance(instance, Handle) and self._link.operator("isinstance", instance, self) is True

    def __subclasscheck__(self, subclass: Any) -> bool:
        return isinstance(subclass, Handle) and self._link.operator("issubclass", subclass, self) is True

    def __str__(self) -> str:
        return str(self._plain("str", str)) if self._kind == "object" else repr(self)

    def _plain(self, operation: str, *types: type, args: tuple = ()) -> Any:
        result = self._link.operator(operation, self, *args)
        if type(result) not in types:
            raise TypeError(
                f"{operation}() of the student's {self.__name__} is not a plain {types[0].__name__}"
            )
        return result

    def _count_events(self, *args: Any) -> int:
        """What a test of vectorised code asks of a function that runs elsewhere; a claim."""
        return self._plain("count_events", int, args=args)

    def __dir__(self):
        return self._link.operator("dir", self)


class ClassHandle(Handle):
    """A class of the student's: what it defines or inherits is asked for over there."""

    __slots__ = ()

    def __getattribute__(self, name: str) -> Any:
        if name in _OF_CLASSES:
            return object.__getattribute__(self, "_link").get(self, name)
        return object.__getattribute__(self, name)


def _is_special(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")
