"""What a test cell holds of the student's: opaque handles of objects that stay in the student's process.

A handle never takes part in anything that would let the student's code decide a comparison or learn what is
expected: NumPy refuses it as an array, arithmetic and comparisons with a value of the judge's raise, and
float(), int() and len() of it accept nothing but plain numbers back. Operators between two student objects
run in the student's process where the course's own answer has a class that defines them; their results are
claims, like all results.
"""

from __future__ import annotations

import builtins
import inspect
from types import FunctionType
from typing import Any, ClassVar

import numpy as np

from grader.engine.wire.abilities import ABILITIES
from grader.notebook.classes import JUDGING
from grader.records import Status

BUILTIN_ERRORS = {n: c for n, c in vars(builtins).items() if isinstance(c, type) and issubclass(c, Exception)}
del BUILTIN_ERRORS["ExceptionGroup"]  # cannot be made without its exceptions
BUILTIN_ERRORS["LinAlgError"] = np.linalg.LinAlgError
_NO_CROSSING = {
    "__code__": "inspecting the code of",
    "__mro_entries__": "subclassing",
    "__globals__": "reading the globals of",
}

HANGS = "It did not end within {} s. Does a loop wait for what never comes, or is the same work done again?"
ENDED = "It ended the whole process it ran in, or was stopped for what it used up."
NOT_REACHED = "Not reached: a check above did not come to its end."

# Special names that are asked for over there; never those by which NumPy looks for an object's memory.
_OF_CLASSES = frozenset(f"__{name}__" for name in ("init", "new", "eq", "ne", "repr", "str", "hash", "bool"))
_ABOUT = frozenset(f"__{name}__" for name in ("dict", "annotations", "bases", "defaults", "post_init"))
TOLD = frozenset(f"__{name}__" for name in ABILITIES) | _OF_CLASSES | _ABOUT
_EMPTY = inspect.Parameter.empty


class StudentError(Exception):
    """Raised by student code; its class also derives from the nearest built-in exception of the original.

    place: where in the student's code it arose; "" where that is unknown.
    """

    place: str = ""


class StudentGone(BaseException):
    """The student's process ended, hung or spoke nonsense: the question is over. `status` says how.

    A check of a Grade bears it, and those after it: what was earned before them stays. `detail` is for staff.
    """

    def __init__(self, message: str, status: Status, seconds: float = 0.0, detail: str = ""):
        super().__init__(message)
        self.status, self.detail, self._seconds, self.settled = status, detail, seconds, 0

    def settle(self) -> str:
        """What to say to the student of the check that meets it."""
        self.settled += 1
        if self.settled > 1:
            return NOT_REACHED
        return HANGS.format(round(self._seconds)) if self.status is Status.TIMED_OUT else ENDED


class TooLong(BaseException):
    """The time of a test cell is over."""


class CannotCross(BaseException):
    """A test idiom that cannot be judged from outside the student's process; the message names it.

    No `except Exception` of a test catches it; one that a test catches all the same counts at the end of the
    run, as long as it is `pending`.
    """

    pending: ClassVar[list[CannotCross]] = []

    def __init__(self, message: str):
        super().__init__(message)
        self.pending.append(self)

    def settle(self) -> str:
        """A check of a Grade bears the loss: the other checks of the cell count. What to say of it."""
        self.pending.remove(self)
        return str(self)


def error_class(names: list[str], but: tuple[str, ...] = ()) -> type[StudentError]:
    """The exception class for a student's exception with these class names, nearest first; none of `but`."""
    known = next((BUILTIN_ERRORS[n] for n in names if n in BUILTIN_ERRORS and n not in but), Exception)
    bases = (StudentError,) if known is Exception else (StudentError, known)
    # A KeyError quotes twice, a UnicodeDecodeError is made of five arguments.
    plain = {"__module__": "student", "__str__": Exception.__str__, "__init__": Exception.__init__}
    return type(class_name(names[0] if names else ""), bases, plain)


def class_name(claim: str) -> str:
    """The last part of a qualified name, when it is fit for a class."""
    name = claim.rpartition(".")[2][:80]
    return name if name.isidentifier() else "object"


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

    def __init__(self, link, key: int, kind: str, name: str, doc: str = ""):
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
        return hash((Handle, self._key))

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
        """What `cs231nlib.gradient_check.vectorised` asks of a function that runs elsewhere; a claim."""
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
