"""Slips in the order of things: a function before the sum that it should follow, two lines, two loops."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.notebook import slip_questions as ask
from grader.notebook.slip_place import Place

Change = Iterator[tuple[str, ast.AST | list[ast.stmt]]]


def functions(place: Place) -> Change:
    """f(a) + b or f(a) + f(b) for f(a + b), g(f(a)) for f(g(a)), and a for f(a, b)."""
    match place.node:
        case ast.Call(f, [ast.BinOp(left, op, right)], keywords) if _is_function(f):
            one, other = ast.Call(f, [left], keywords), ast.Call(f, [right], keywords)
            yield ask.EARLY, ast.BinOp(one, op, right)
            yield ask.EARLY, ast.BinOp(left, op, other)
            yield ask.EARLY, ast.BinOp(one, op, other)
        case ast.BinOp(ast.Call(f, [inner], []), op, right) if _is_function(f):
            yield ask.LATE, ast.Call(f, [ast.BinOp(inner, op, right)], [])
    match place.node:
        case ast.Call(f, [ast.Call(g, [inner], others)], keywords) if _is_function(f) and _is_function(g):
            yield ask.NESTED, ast.Call(g, [ast.Call(f, [inner], keywords)], others)
        case ast.Call(ast.Name(name), [argument, _, *_]) if name in place.given:  # of one: `slip_names.calls`
            yield ask.SKIPPED.format(name), argument


def lines(place: Place) -> Change:
    """Two neighbouring statements in each other's place."""
    if place.index is None or not isinstance(place.node, ast.stmt) or isinstance(place.node, ast.Return):
        return
    before, after = place.others()
    if after and not isinstance(after[0], ast.Return):
        yield ask.LINES, [*before, after[0], place.node, *after[1:]]


def loops(place: Place) -> Change:
    """Two loops in each other's place; what is made once instead of in each round, and the reverse."""
    if place.index is None or not isinstance(place.node, ast.For):
        return
    before, after = place.others()
    loop = place.node
    match loop.body:
        case [ast.For() as inner]:
            turned = ast.For(loop.target, loop.iter, inner.body, [], lineno=0)
            yield ask.LOOPS, [*before, ast.For(inner.target, inner.iter, [turned], [], lineno=0), *after]
        case [ast.Assign() as first, *rest] if rest:
            yield ask.ONCE, [*before, first, ast.For(loop.target, loop.iter, rest, [], lineno=0), *after]
    if before and isinstance(before[-1], ast.Assign):
        body = [before[-1], *loop.body]
        yield ask.ANEW, [*before, ast.For(loop.target, loop.iter, body, [], lineno=0), *after]


def _is_function(node: ast.expr) -> bool:
    """Whether it is called by its own name, or as one of NumPy's."""
    return isinstance(node, ast.Name) or (
        isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "np"
    )


CHANGES = (functions, lines, loops)
