"""The classes of a notebook, and which operators they define: a static reading of its statements."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator

COMPARISONS = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__")
ARITHMETIC = "add sub mul matmul truediv floordiv mod divmod pow lshift rshift and or xor neg pos abs invert"
# Methods by which tables of a library are compared: a class of a student's could say yes to what it is given.
JUDGING = frozenset("equals eq ne lt le gt ge compare isin identical sub subtract div divide".split())  # noqa: SIM905
_ASKED = ("__contains__", "__format__", "__hash__", "__repr__")
ALL = frozenset((*COMPARISONS, *_ASKED, *(f"__{name}__" for name in ARITHMETIC.split()))) | JUDGING


def special_methods(body: Iterable[ast.AST]) -> frozenset[str]:
    """The operators of all classes in these statements, with those that a decorator or a base may bring."""
    found = _classes(body)
    here = {node.name for node in found}
    return ALL & {name for node in found for name in _defined(node, here)}


def claims(body: Iterable[ast.AST]) -> frozenset[str]:
    """The methods by which a class says what it equals or differs by, but for what these statements define.

    What a decorator or a base brings to the course's own class is no reason for a student to write it.
    """
    told = ("__contains__", "equals", "__sub__", "__array_ufunc__", "__array_function__")
    written = {name for node in _classes(body) for name in _written(node)}
    left = {*told} - written if written & {*COMPARISONS} else {*told, *COMPARISONS} - written
    return frozenset(left | {"__rsub__"} if "__sub__" in left else left)


def class_names(body: Iterable[ast.AST]) -> frozenset[str]:
    """The names of all classes in these statements."""
    return frozenset(node.name for node in _classes(body))


def _classes(body: Iterable[ast.AST]) -> list[ast.ClassDef]:
    return [node for tree in body for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]


def _written(node: ast.ClassDef) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.FunctionDef):
            yield _left(inner.name)
        elif isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):  # __radd__ = __add__
            yield _left(inner.id)


def _defined(node: ast.ClassDef, here: set[str]) -> Iterator[str]:
    yield from _written(node)
    if "__eq__" in {getattr(inner, "name", "") for inner in node.body}:
        yield "__ne__"
    if node.decorator_list:  # @dataclass(order=True), @total_ordering
        yield from (*COMPARISONS, "__hash__", "__repr__")
    if any(_gives_more(base, here) for base in node.bases):
        yield from ALL


def _left(name: str) -> str:
    """`__add__` for `__radd__` and `__iadd__` too."""
    return next((known for known in ALL if name in (known, f"__r{known[2:]}", f"__i{known[2:]}")), name)


def _gives_more(base: ast.expr, here: set[str]) -> bool:
    """Whether a base class may bring operators: not one of the notebook's own, nor object or an exception."""
    name = base.id if isinstance(base, ast.Name) else ""
    plain = getattr(builtins, name, None)
    return name not in here and not (
        plain is object or (isinstance(plain, type) and issubclass(plain, BaseException))
    )
