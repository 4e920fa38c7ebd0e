"""Slips in the course of a function: a step left out, a loop that ends too soon, results in another order."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

from grader.notebook import slip_questions as ask
from grader.notebook.slip_place import Place

Change = Iterator[tuple[str, ast.AST | list[ast.stmt]]]


def loops(place: Place) -> Change:
    """A return within the loop, a loop that keeps only what its last round has made."""
    match place.node:
        case ast.For(_, _, body, []) if place.index is not None:
            before, after = place.others()
            if after and isinstance(after[0], ast.Return):
                for early in _ending_inside(place.node, after[0]):
                    yield ask.TOO_SOON, [*before, early, *after]
            if any(isinstance(one, ast.For) for one in body):
                yield ask.ONE_OFF, [*before, _each_shorter(place.node), *after]
        case ast.AugAssign(target, _, value) if place.is_in(ast.For, ast.While):
            yield ask.LAST_ONLY, ast.Assign([target], value, lineno=0)


def _ending_inside(loop: ast.For, ending: ast.Return) -> Iterator[ast.For]:
    """The loop with its function's end within it, and within the loops that its rounds end with."""
    *first, last = loop.body
    yield ast.For(loop.target, loop.iter, [*loop.body, ending], [], lineno=0)
    if isinstance(last, ast.For):
        for inner in _ending_inside(last, ending):
            yield ast.For(loop.target, loop.iter, [*first, inner], [], lineno=0)


def _each_shorter(loop: ast.For) -> ast.For:
    """The loop, and all within it, without the last number of their ranges."""
    shorter = copy.deepcopy(loop)
    for node in ast.walk(shorter):
        match node:
            case ast.For(iter=ast.Call(ast.Name("range"), [*first, end], []) as counted):
                counted.args = [*first, ast.BinOp(end, ast.Sub(), ast.Constant(1))]
    return shorter


def branches(place: Place) -> Change:
    """Always one of two cases, or the other one; `and` for `or`."""
    match place.node:
        case ast.IfExp(test, body, orelse):
            yield ask.OPPOSITE, ast.IfExp(test, orelse, body)
            yield ask.BRANCH, body
            yield ask.BRANCH, orelse
        case ast.If(test, body, orelse) if place.index is not None:
            before, after = place.others()
            yield ask.BRANCH, [*before, *body, *after]
            yield ask.BRANCH, [*before, *orelse, *after] or [ast.Pass()]
            if orelse:
                yield ask.OPPOSITE, ast.If(test, orelse, body)
        case ast.BoolOp(op, values):
            yield ask.BOTH, ast.BoolOp(ast.And() if isinstance(op, ast.Or) else ast.Or(), values)
        case ast.UnaryOp(ast.Not(), operand):
            yield ask.BOTH, operand
        case ast.Call(ast.Attribute(ast.Name("np"), "where"), [test, one, other], []):
            yield ask.OPPOSITE, ast.Call(place.node.func, [test, other, one], [])
            yield ask.BRANCH, one
            yield ask.BRANCH, other


def steps(place: Place) -> Change:
    """A statement that is missing or stands there twice."""
    if place.index is None or not isinstance(place.node, ast.Assign | ast.AugAssign | ast.Expr | ast.For):
        return
    if isinstance(place.node, ast.Expr) and isinstance(place.node.value, ast.Constant):
        return
    before, after = place.others()
    yield ask.LEFT_OUT, [*before, *after] or [ast.Pass()]
    if not isinstance(place.node, ast.Assign):
        yield ask.TWICE, [*before, place.node, place.node, *after]


def results(place: Place) -> Change:
    """Two results of several in each other's place."""
    match place.node:
        case ast.Return(ast.Tuple(several, context)):
            for one in range(len(several)):
                for other in range(one + 1, len(several)):
                    order = list(several)
                    order[one], order[other] = order[other], order[one]
                    yield ask.RESULTS, ast.Return(ast.Tuple(order, context))


CHANGES = (loops, branches, results, steps)
