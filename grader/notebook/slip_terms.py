"""Slips in a formula: signs, terms, factors, axes, comparisons."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.notebook import slip_questions as ask
from grader.notebook.slip_place import Place, is_small

Change = Iterator[tuple[str, ast.AST]]

AGGREGATES = {"sum": "mean", "mean": "sum"}
_PAIRS = ("max", "min"), ("maximum", "minimum"), ("argmax", "argmin")
EXTREMES = dict(_PAIRS) | {other: one for one, other in _PAIRS}
_BACKWARDS = ast.Slice(step=ast.Constant(-1))
_BORDER = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
_ROUND = {
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}


def signs(place: Place) -> Change:
    """+ for -, - for +, a minus that is missing."""
    match place.node:
        case ast.BinOp(left, ast.Add(), right):
            yield ask.SIGN, ast.BinOp(left, ast.Sub(), right)
        case ast.BinOp(left, ast.Sub(), right):
            yield ask.SIGN, ast.BinOp(left, ast.Add(), right)
        case ast.UnaryOp(ast.USub(), operand) if not (isinstance(operand, ast.Constant) and place.counts()):
            yield ask.SIGN, operand
        case ast.AugAssign(target, ast.Add() | ast.Sub() as op, value):
            yield ask.SIGN, ast.AugAssign(target, ast.Sub() if isinstance(op, ast.Add) else ast.Add(), value)


def parts(place: Place) -> Change:
    """One side of a sum, product or quotient left out; the two swapped."""
    match place.node:
        case ast.BinOp(left, ast.Add() | ast.Sub(), right):
            if not is_small(place, right):
                yield _without(right, place, ask.ONE_OFF if _shifts(place, right) else ask.TERM), left
            yield _without(left, place, ask.TERM), right
        case ast.BinOp(left, ast.Mult(), right):
            yield _without(right, place, ask.FACTOR), left
            yield _without(left, place, ask.FACTOR), right
        case ast.BinOp(left, ast.Div(), right):
            yield _without(right, place, ask.FACTOR), left
        case ast.BinOp(left, ast.Pow(), _):
            yield ask.POWER, left


def operators(place: Place) -> Change:
    match place.node:
        case ast.BinOp(left, ast.Div() | ast.Sub() | ast.MatMult() as op, right):
            yield ask.SWAPPED, ast.BinOp(right, op, left)
    match place.node:
        case ast.BinOp(left, ast.Div(), right):
            yield ask.TURNED, ast.BinOp(left, ast.Mult(), right)
        case ast.BinOp(left, ast.Mult(), right):
            yield ask.TURNED, ast.BinOp(left, ast.Div(), right)
            yield ask.PLUS, ast.BinOp(left, ast.Add(), right)


def axes(place: Place) -> Change:
    """The other axis, or all of them; a mean for a sum; no transpose."""
    match place.node:
        case ast.Call(func, args, keywords) if any(k.arg == "axis" for k in keywords):
            rest = [k for k in keywords if k.arg not in ("axis", "keepdims")]
            for axis in (0, 1):
                yield ask.AXIS, ast.Call(func, args, [*(k for k in keywords if k.arg != "axis"),
                                                  ast.keyword("axis", ast.Constant(axis))])  # fmt: skip
            yield ask.WHOLE, ast.Call(func, args, rest)
        case ast.Attribute(value, "T", _):
            yield ask.TRANSPOSE, value
            turned = ast.Subscript(ast.Attribute(value, "shape", ast.Load()), _BACKWARDS, ast.Load())
            yield ask.RESHAPED, ast.Call(ast.Attribute(value, "reshape", ast.Load()), [turned], [])
    match place.node:
        case ast.Attribute(value, name, context) if name in AGGREGATES | EXTREMES:
            said = ask.MEAN if name in AGGREGATES else ask.LARGER
            yield said, ast.Attribute(value, (AGGREGATES | EXTREMES)[name], context)
        case ast.Name("max" | "min" as name, context):
            yield ask.LARGER, ast.Name(EXTREMES[name], context)


def comparisons(place: Place) -> Change:
    """What is equal on the wrong side, or the two sides swapped."""
    match place.node:
        case ast.Compare(left, [op], others):
            for table, said in ((_BORDER, ask.LIMIT), (_ROUND, ask.REVERSED)):
                if type(op) in table:
                    yield said, ast.Compare(left, [table[type(op)]()], others)


def _shifts(place, part):
    """Whether a part only moves the end of a loop, a slice or an index by one."""
    return place.counts() and isinstance(part, ast.Constant) and part.value == 1


def _without(part, place, general):
    """What to say where one part is left out: its name, if it is one that the student was given."""
    return ask.WITHOUT.format(part.id) if isinstance(part, ast.Name) and part.id in place.given else general


CHANGES = (signs, parts, axes, comparisons, operators)
