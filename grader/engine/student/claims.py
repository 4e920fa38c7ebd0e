"""For the run of a test in this process: what a class of the student's says of itself proves nothing.

An object that says it equals whatever it is compared with, or that any difference is 0, would pass a test
that compares it with a plain value. That holds for methods that no class of the course's own answer defines.
"""

from __future__ import annotations

import ast
import operator
import re
from itertools import permutations
from types import FunctionType, NoneType
from typing import Any

import numpy as np

CLAIMS = "__claims__"  # the name under which a test finds them
LOOKED_AT = 1000  # items of a list
_PLAIN = (
    bool,
    int,
    float,
    complex,
    str,
    bytes,
    NoneType,
    list,
    tuple,
    dict,
    set,
    frozenset,
    np.ndarray,
    np.generic,
)
_KNOWN = frozenset(map(id, _PLAIN))  # a metaclass may say that it equals one
_CELL = "<ipython-input-"  # how IPython calls the file that a cell is
_COMPARING = re.compile(r"equal|close|\Aeq_|\Aapprox", re.IGNORECASE)
_NAMES: dict[type[ast.AST], str] = {
    **{ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge"},
    ast.Sub: "sub",
}


class Claims:
    """Refuses to compare. methods: those that count as claims. classes: the names of the instructor's own."""

    def __init__(self, methods: tuple[str, ...], classes: tuple[str, ...]):
        self._methods, self._classes = methods, classes

    def operate(self, name: str, *operands: Any) -> Any:
        """What an operator gives for its operands. TypeError where one of them would merely claim it."""
        return getattr(operator, name)(*self.together(*operands))

    def together(self, *values: Any) -> tuple[Any, ...]:
        """The values, which are compared; TypeError where a plain one meets a claim."""
        for claim, plain in permutations(values, 2):
            if isinstance(plain, _PLAIN) and (kind := self._claiming(claim)):
                raise TypeError(f"{kind.__name__} says itself what it is equal to; return a plain value")
        return values

    def _claiming(self, value: Any) -> type | None:
        kinds = {type(value)}
        if isinstance(value, list | tuple):
            kinds.update(map(type, value[:LOOKED_AT]))
        return next((kind for kind in kinds if self._claims(kind)), None)

    def _claims(self, kind: type) -> bool:
        """Whether a method is written in a cell, not by a decorator such as dataclass, or mocked."""
        if id(kind) in _KNOWN or kind.__name__ in self._classes:
            return False
        mocked = kind.__module__ == "unittest.mock" and not issubclass(kind, _PLAIN)
        known = ((vars(base).get(name), base) for base in kind.__mro__ for name in self._methods)
        return any(
            mocked or method.__code__.co_filename.startswith(_CELL)
            if isinstance(method, FunctionType)
            else method is not None and base.__module__ == "__main__"
            for method, base in known
        )


class Comparisons(ast.NodeTransformer):
    """Lets a test ask `Claims` before it compares or subtracts."""

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        if len(node.ops) > 1 or type(node.ops[0]) not in _NAMES:
            return node
        return _asked(node, "operate", [_name_of(node.ops[0]), node.left, *node.comparators])

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        if type(node.op) not in _NAMES:
            return node
        return _asked(node, "operate", [_name_of(node.op), node.left, node.right])

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if len(node.args) > 1 and _COMPARING.search(name):
            node.args = [ast.Starred(_asked(node, "together", node.args), ast.Load())]
        return node


def _asked(node: ast.expr, method: str, arguments: list[ast.expr]) -> ast.expr:
    asked = ast.Attribute(ast.Name(CLAIMS, ast.Load()), method, ast.Load())
    return ast.fix_missing_locations(ast.copy_location(ast.Call(asked, arguments, []), node))


def _name_of(node: ast.AST) -> ast.expr:
    return ast.Constant(_NAMES[type(node)])
