"""Where in an answer a slip can happen: a node, how to put another in its place, and what is around it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

SMALL = 1e-2


@dataclass(frozen=True)
class Place:
    """A node of a function, as the `index`th of its parent's `field` where that is a list."""

    parent: ast.AST
    field: str
    index: int | None
    node: ast.AST
    given: tuple[str, ...]  # the arguments of the function around it
    above: tuple[ast.AST, ...]  # what it stands in, the function first

    def get(self) -> Any:
        """What stands there: a node, or for a statement the whole list that it is one of."""
        value = getattr(self.parent, self.field)
        return list(value) if self.index is not None else value

    def put(self, other: Any) -> None:
        """Put a node in its place, or a list of nodes in the place of the whole list."""
        if self.index is not None and not isinstance(other, list):
            other = [
                other if n == self.index else one for n, one in enumerate(getattr(self.parent, self.field))
            ]
        setattr(self.parent, self.field, other)

    def others(self) -> tuple[list[Any], list[Any]]:
        """What stands before it in its list, and what after it."""
        row, at = getattr(self.parent, self.field), self.index or 0
        return row[:at], row[at + 1 :]

    def counts(self) -> bool:
        """Whether it is, or stands in, an index, a slice or the bounds of a `range`."""
        inside = zip(self.above, (*self.above[1:], self.node), strict=True)
        return any(_counts(outer, inner) for outer, inner in inside)

    def is_index(self) -> bool:
        """Whether it is one of the indices of an array or a list, as it stands."""
        rows = [one.slice for one in self.above[-2:] if isinstance(one, ast.Subscript)]
        return any(row is self.node or (isinstance(row, ast.Tuple) and self.node in row.elts) for row in rows)

    def is_in(self, *kinds: type) -> bool:
        """Whether it stands in a node of one of these kinds, within its function."""
        return any(isinstance(node, kinds) for node in self.above)


def _counts(outer: ast.AST, inner: ast.AST) -> bool:
    match outer:
        case ast.Subscript():
            return outer.slice is inner
        case ast.Call(ast.Name("range"), args):
            return inner in args
    return False


def places(tree: ast.AST) -> Iterator[Place]:
    """Every place within the functions of a tree, but in their signatures."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield from _within(node, _arguments(node), (node,), ("body",))


def _within(
    node: ast.AST, given: tuple[str, ...], above: tuple, fields: tuple[str, ...] = ()
) -> Iterator[Place]:
    for field in fields or node._fields:
        value = getattr(node, field, None)
        row = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
        for index, child in row:
            if isinstance(child, ast.AST) and not isinstance(child, ast.FunctionDef | ast.Lambda):
                yield Place(node, field, index, child, given, above)
                yield from _within(child, given, (*above, child))


def _arguments(function: ast.FunctionDef) -> tuple[str, ...]:
    arguments = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    return tuple(one.arg for one in arguments if one.arg != "self")


def is_small(place: Place, node: ast.AST) -> bool:
    """Whether a node is an argument that is tiny unless told: last digits alone depend on it."""
    function, name = place.above[0], ast.unparse(node)
    if not isinstance(function, ast.FunctionDef):
        return False
    given = zip(reversed(function.args.args), reversed(function.args.defaults), strict=False)
    values = [value.value for one, value in given if one.arg == name and isinstance(value, ast.Constant)]
    return any(isinstance(value, float) and abs(value) < SMALL for value in values)
