"""Slips in what is done at a place: another operation, or another function of its kind."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.notebook import slip_questions as ask
from grader.notebook.slip_place import Place

Change = Iterator[tuple[str, ast.AST]]

_KIN = {
    "mean": ("max", "median"),
    "sum": ("max", "prod"),
    "max": ("mean", "sum"),
    "min": ("mean",),
    "std": ("var",),
    "var": ("std",),
    "zeros": ("ones",),
    "zeros_like": ("ones_like",),
    "ones": ("zeros",),
    "all": ("any",),
    "any": ("all",),
    "rint": ("floor", "ceil"),
    "round": ("floor", "ceil"),
    "log": ("log2", "log10", "log1p"),
    "exp": ("exp2", "expm1"),
    "tanh": ("sin", "arctan"),
    "abs": ("square",),
    "square": ("abs",),
    "uniform": ("normal",),
}
_OF_NUMPY = {"median", "square", "abs", "floor", "ceil"}  # and of no array


def operations(place: Place) -> Change:
    """A product where a sum belongs, the divisor and the dividend of what should be a product."""
    match place.node:
        case ast.BinOp(left, ast.Add(), right) if not place.counts():
            yield ask.TIMES, ast.BinOp(left, ast.Mult(), right)
        case ast.BinOp(left, ast.Mult(), right):
            yield ask.TURNED, ast.BinOp(right, ast.Div(), left)
        case ast.BinOp(left, ast.MatMult(), right):
            length = ast.Subscript(ast.Attribute(left, "shape", ast.Load()), ast.Constant(-1), ast.Load())
            yield ask.MEAN, ast.BinOp(place.node, ast.Div(), length)


def functions(place: Place) -> Change:
    """Another function of its kind."""
    match place.node:
        case ast.Attribute(value, name, context) if name in _KIN:
            ours = isinstance(value, ast.Name) and value.id == "np"
            for other in _KIN[name]:
                if ours or other not in _OF_NUMPY:
                    yield ask.KIN.format(other, name), ast.Attribute(value, other, context)
        case ast.Call(ast.Attribute(ast.Name("np"), "maximum"), [inner, ast.Constant(0 | 0.0)], []):
            for other in ("tanh", "abs"):
                yield ask.KIN.format(other, "maximum"), _of_numpy(other, inner)
            yield ask.FUNCTION.format("the cut at 0"), inner
        case ast.Call(ast.Attribute(ast.Name("np"), "clip"), [inner, low, high], []):
            for other, limit in (("maximum", low), ("minimum", high)):
                yield ask.ONE_LIMIT, _of_numpy(other, inner, limit)
            yield ask.FUNCTION.format("clipping"), inner


def parts(place: Place) -> Change:
    """All of an array instead of a slice of it; the other direction of an order."""
    match place.node:
        case ast.Subscript(value, ast.Slice(), ast.Load()):
            yield ask.SLICE, value
        case ast.keyword("reverse", ast.Constant(bool() as way)):
            yield ask.DIRECTION, ast.keyword("reverse", ast.Constant(not way))
        case ast.Call(ast.Name("sorted"), [several, *_]):
            yield ask.FUNCTION.format("sorting"), ast.Call(ast.Name("list", ast.Load()), [several], [])
            if place.node.keywords:
                yield (
                    ask.FUNCTION.format("sorting by what the docstring names"),
                    ast.Call(place.node.func, [several], []),
                )


def _of_numpy(name: str, *arguments: ast.expr) -> ast.Call:
    function = ast.Attribute(ast.Name("np", ast.Load()), name, ast.Load())
    return ast.Call(function, list(arguments), [])


CHANGES = (operations, functions, parts)
