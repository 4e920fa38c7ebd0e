"""What a test cell holds of the student's: opaque handles of objects that stay in the student's process.

A handle never takes part in anything that would let the student's code decide a comparison or learn what is
expected: NumPy refuses it as an array, arithmetic and comparisons with a value of the judge's raise, and
float(), int() and len() of it accept nothing but plain numbers back. Operators between two student objects
run in the student's process where the course's own answer has a class that defines them; their results are
claims, like all results.
"""

from __future__ import annotations

import builtins
import functools
import inspect
from collections.abc import Iterator
from types import FunctionType
from typing import Any, ClassVar

import numpy as np

BUILTIN_ERRORS = {n: c for n, c in vars(builtins).items() if isinstance(c, type) and issubclass(c, Exception)}
del BUILTIN_ERRORS["ExceptionGroup"]  # cannot be made without its exceptions
BUILTIN_ERRORS["LinAlgError"] = np.linalg.LinAlgError
_NO_CROSSING = {
    "__code__": "inspecting the source of",
    "__mro_entries__": "subclassing",
    "__globals__": "reading the globals of",
    "__dict__": "reading the __dict__ of",
}

_EMPTY = inspect.Parameter.empty


class StudentError(Exception):
    """Raised by student code; its class also derives from the nearest built-in exception of the original."""


class StudentGone(BaseException):
    """The student's process ended, hung or spoke nonsense: the question is over. `status` says how."""

    def __init__(self, message: str, status: str):
        super().__init__(message)
        self.status = status


class CannotCross(BaseException):
    """A test idiom that cannot be judged from outside the student's process; the message names it.

    No `except Exception` of a test catches it; one that a test catches all the same counts at the end of the
    run, as long as it is `pending`.
    """

    pending: ClassVar[list[CannotCross]] = []

    def __init__(self, message: str):
        super().__init__(message)
        self.pending.append(self)

    def settle(self) -> None:
        """A check of a Grade bears the loss: the other checks of the cell count."""
        self.pending.remove(self)


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

    __slots__ = ("__name__", "_callable", "_doc", "_key", "_kind", "_link")
    __doc__ = property(lambda self: self._doc)
    __array_ufunc__ = None  # `array + handle` is the student's __radd__, never NumPy's idea of the handle

    def __init__(self, link, key: int, kind: str, name: str, is_callable: bool, doc: str):
        values = {"_link": link, "_key": key, "_kind": kind, "__name__": name}
        for slot, value in (values | {"_callable": is_callable, "_doc": doc}).items():
            object.__setattr__(self, slot, value)

    @property
    def __class__(self):
        """What isinstance(handle, type) and inspect.isfunction(handle) ask for."""
        return {"class": type, "function": FunctionType}.get(self._kind, Handle)

    def __repr__(self) -> str:
        return f"<the student's {self._kind} {self.__name__}>"

    def __hash__(self) -> int:
        return hash((Handle, self._key))

    def __call__(self, *args, **kwargs):
        return self._link.call(self, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        if name == "__qualname__":
            return self.__name__
        if name in _NO_CROSSING:
            raise CannotCross(
                f"{_NO_CROSSING[name]} the student's {self.__name__} is not possible in a graded test"
            )
        if name == "__signature__" and self._callable:
            return signature_from(self._link.operator("signature", self))
        if name.startswith(("_repr_", "_ipython_")) or (name.startswith("__") and name.endswith("__")):
            raise AttributeError(name)  # nor does it say how it is displayed
        return self._link.get(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._link.set(self, name, value)

    def __array__(self, *_args, **_kwargs):
        raise TypeError(
            f"expected a number or an array, got an object of the student's class {self.__name__}"
        )

    def __instancecheck__(self, instance: Any) -> bool:
        return isinstance(instance, Handle) and self._link.operator("isinstance", instance, self) is True

    def __subclasscheck__(self, subclass: Any) -> bool:
        return isinstance(subclass, Handle) and self._link.operator("issubclass", subclass, self) is True

    def __bool__(self) -> bool:
        return self._kind != "object" or self._link.operator("bool", self) is True

    def __float__(self) -> float:
        return float(self._plain("float", int, float))

    def __int__(self) -> int:
        return int(self._plain("int", int))

    def __len__(self) -> int:
        return int(self._plain("len", int))

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

    def __iter__(self) -> Iterator[Any]:
        iterator = self._link.operator("iter", self)
        while True:
            try:
                item = self._link.operator("next", iterator)
            except StudentError as error:
                if isinstance(error, StopIteration):
                    return
                raise
            yield item

    def __next__(self) -> Any:
        return self._link.operator("next", self)

    def __getitem__(self, index: Any) -> Any:
        return self._link.operator("getitem", self, index)

    def __setitem__(self, index: Any, value: Any) -> None:
        self._link.operator("setitem", self, index, value)

    def __delitem__(self, index: Any) -> None:
        self._link.operator("delitem", self, index)

    def __contains__(self, item: Any) -> bool:
        return any(found is item or found == item for found in self)

    def __dir__(self):
        return self._link.operator("dir", self)

    def __enter__(self) -> Any:
        return self._link.operator("enter", self)

    def __exit__(self, *why) -> Any:
        return self._link.operator("exit", self, None, None, None)


@functools.lru_cache(maxsize=1000)
def handle_class(name: str) -> type[Handle]:
    """The class of handles of instances of the student's class `name`: messages name a value's type."""
    return type(class_name(name), (Handle,), {"__slots__": ()})


def _over_there(handle: Handle, other: Any, name: str, what: str) -> None:
    """Raises CannotCross unless the student's class may decide: between two objects of the student's, where
    the course's own answer has a class with that operator. A value of the test's never goes there: a class
    that learns what is expected can also say that the difference is 0."""
    told = f"{what} the student's {handle.__name__} object"
    if not isinstance(other, Handle):
        told += " with a value"
    elif f"__{name}__" in handle._link.operators:
        return
    raise CannotCross(
        f"{told} would believe the student's own __{name}__; compute with its attributes or plain values"
    )


def _arithmetic(name: str, operation: str) -> None:
    def left(self, other):
        _over_there(self, other, name, "arithmetic of")
        return self._link.operator(operation, self, other)

    def right(self, other):
        _over_there(self, other, name, "arithmetic of")
        return self._link.operator(operation, other, self)

    setattr(Handle, f"__{name}__", left)
    setattr(Handle, f"__r{name}__", right)


def _unary(name: str) -> None:
    def operate(self):
        _over_there(self, self, name, "arithmetic of")
        return self._link.operator(name, self)

    setattr(Handle, f"__{name}__", operate)


def _comparison(name: str) -> None:
    def compare(self, other):
        if other is self or other is None or self._kind != "object":
            return (other is self) == (name != "ne") if name in ("eq", "ne") else NotImplemented
        _over_there(self, other, name, "comparing")
        return self._link.operator(name, self, other) is True

    setattr(Handle, f"__{name}__", compare)


for _name in ("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "pow", "lshift", "rshift", "xor"):
    _arithmetic(_name, _name)
_arithmetic("divmod", "divmod")
_arithmetic("and", "and_")
_arithmetic("or", "or_")
for _name in ("neg", "pos", "abs", "invert"):
    _unary(_name)
for _name in ("eq", "ne", "lt", "le", "gt", "ge"):
    _comparison(_name)
