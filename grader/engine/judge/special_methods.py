"""What Python's own syntax does with a handle: calls, loops, operators. A handle has a method only where the
student's object has one, so that hasattr, isinstance(handle, Iterable) and a TypeError tell the truth.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

from grader.engine.judge.handles import Handle
from grader.engine.judge.student_errors import CannotCross, StudentError, class_name
from grader.engine.wire.abilities import abilities_in


@functools.lru_cache(maxsize=1000)
def handle_class(name: str, mask: int, base: type[Handle] = Handle) -> type[Handle]:
    """The class of handles of instances of the student's class `name`: messages name a value's type.

    mask: the abilities of such an instance, as `wire.abilities` tells them.
    """
    abilities = set(abilities_in(mask))
    if abilities & {"iter", "getitem"}:  # how Python finds members without a __contains__
        abilities.add("contains")
    if "len" in abilities:
        abilities.add("bool")
    methods: dict[str, Any] = {
        f"__{ability}__": METHODS[ability] for ability in abilities if ability in METHODS
    }
    methods["__hash__"] = base.__hash__ if "hash" in abilities else None
    if "eq" not in abilities:
        methods |= {"__eq__": object.__eq__, "__ne__": object.__ne__}
    return type(class_name(name), (base,), {"__slots__": (), "__doc__": _DOC} | methods)


_DOC = vars(Handle)["__doc__"]  # a class has one of its own otherwise


def _call(handle: Handle, *args: Any, **kwargs: Any) -> Any:
    return handle._link.call(handle, args, kwargs)


def _bool(handle: Handle) -> bool:
    return handle._kind != "object" or handle._link.operator("bool", handle) is True


def _iter(handle: Handle) -> Iterator[Any]:
    iterator = handle._link.operator("iter", handle)
    while True:
        try:
            item = handle._link.operator("next", iterator)
        except StudentError as error:
            if isinstance(error, StopIteration):
                return
            raise
        yield item


def _contains(handle: Handle, item: Any) -> bool:
    """By the items: the student's own word would decide, and where the course's classes have one, must."""
    asked = "__contains__" in handle._link.operators
    if asked or not (hasattr(type(handle), "__iter__") or hasattr(type(handle), "__getitem__")):
        raise CannotCross(
            f"`in` the student's {handle.__name__} object would believe the student's own __contains__"
        )
    return any(found is item or found == item for found in iter(handle))  # type: ignore[call-overload]


def _exit(handle: Handle, *why: Any) -> Any:
    """An exception of the test's stays here, and what a student's __exit__ makes of it is not known here."""
    if any(why):
        raise CannotCross(f"an exception cannot leave a `with` of the student's {handle.__name__} object")
    return handle._link.operator("exit", handle, None, None, None)


def _asked(operation: str) -> Callable[..., Any]:
    return lambda handle, *args: handle._link.operator(operation, handle, *args)


METHODS: dict[str, Callable[..., Any]] = {
    "call": _call,
    "bool": _bool,
    "iter": _iter,
    "contains": _contains,
    "len": lambda handle: int(handle._plain("len", int)),
    "int": lambda handle: int(handle._plain("int", int)),
    "float": lambda handle: float(handle._plain("float", int, float)),
    "fspath": lambda handle: handle._plain("fspath", str, bytes),
    "reversed": _asked("reversed"),
    "next": _asked("next"),
    "getitem": _asked("getitem"),
    "setitem": _asked("setitem"),
    "delitem": _asked("delitem"),
    "enter": _asked("enter"),
    "exit": _exit,
}


def _over_there(handle: Handle, other: Any, name: str, what: str) -> None:
    """Raises CannotCross unless the student's class may decide: between two objects of the student's, where
    the course's own answer has a class with that operator. A value of the test's never goes there: a class
    that learns what is expected can also say that the difference is 0."""
    request = f"{what} the student's {handle.__name__} object"
    if not isinstance(other, Handle):
        request += " with a value"
    elif f"__{name}__" in handle._link.operators:
        return
    raise CannotCross(
        f"{request} would believe the student's own __{name}__; compute with its attributes or plain values"
    )


def _arithmetic(name: str, operation: str) -> None:
    def left(self, other):
        _over_there(self, other, name, "arithmetic of")
        return self._link.operator(operation, self, other)

    def right(self, other):
        _over_there(self, other, name, "arithmetic of")
        return self._link.operator(operation, other, self)

    def in_place(self, other):
        _over_there(self, other, name, "arithmetic of")
        return self._link.operator(f"i{operation.rstrip('_')}", self, other)

    METHODS[name], METHODS[f"r{name}"], METHODS[f"i{name}"] = left, right, in_place


def _unary(name: str) -> None:
    def operate(self):
        _over_there(self, self, name, "arithmetic of")
        return self._link.operator(name, self)

    METHODS[name] = operate


def _has_no_word(handle: Handle, other: Any, name: str) -> bool:
    """Whether two objects of classes that the student wrote, such as a dataclass, are equal where they are
    the same: so are those of the course's own answer, where no class says more."""
    if name not in ("eq", "ne") or not isinstance(other, Handle) or f"__{name}__" in handle._link.operators:
        return False
    return all(one._link.operator("own_class", one) is True for one in (handle, other))


def _comparison(name: str) -> Callable[[Handle, Any], Any]:
    def compare(self, other):
        if other is self or other is None or self._kind != "object" or _has_no_word(self, other, name):
            return (other is self) == (name != "ne") if name in ("eq", "ne") else NotImplemented
        _over_there(self, other, name, "comparing")
        return bool(self._link.operator(name, self, other))  # an np.bool_, too

    return compare


for _name in ("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "pow", "lshift", "rshift", "xor"):
    _arithmetic(_name, _name)
_arithmetic("divmod", "divmod")
_arithmetic("and", "and_")
_arithmetic("or", "or_")
for _name in ("neg", "pos", "abs", "invert"):
    _unary(_name)
for _name in ("lt", "le", "gt", "ge"):
    METHODS[_name] = _comparison(_name)
for _name in ("eq", "ne"):  # every object has these
    setattr(Handle, f"__{_name}__", _comparison(_name))
