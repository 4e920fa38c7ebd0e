"""Slips in what a formula is made of: numbers, functions, names."""

from __future__ import annotations

import ast
import builtins
import copy
from collections.abc import Iterator

from grader.notebook import slip_questions as ask
from grader.notebook.slip_place import Place

Change = Iterator[tuple[str, ast.AST]]

WORDS = {
    "sqrt": "a root",
    "exp": "an exponential",
    "log": "a logarithm",
    "abs": "an absolute value",
    "square": "a square",
    "tanh": "tanh",
    "cumsum": "a running sum",
    "diff": "a difference of neighbours",
    "sum": "a sum",
    "mean": "a mean",
    "std": "a standard deviation",
    "rint": "rounding",
    "round": "rounding",
    "reversed": "the reversed order",
    "cos": "cos",
    "sin": "sin",
}


def numbers(place: Place) -> Change:
    """Another number: one off where places are counted, 0, 1 or 2 for one another elsewhere."""
    match place.node:
        case ast.Call(ast.Name("range"), args, []):
            first, end = (args[0], args[1]) if len(args) > 1 else (ast.Constant(0), args[0])
            for shift in ((1, 0), (0, -1), (0, 1), (-1, 0)):
                moved = [_plus(one, by) for one, by in zip((first, end), shift, strict=True)]
                yield ask.ONE_OFF, ast.Call(ast.Name("range", ast.Load()), [*moved, *args[2:]], [])
        case ast.Constant(int() as whole) if not isinstance(whole, bool) and abs(whole) < 4:
            said = ask.ONE_OFF if place.counts() else ask.NUMBER
            for near in (whole + 1, whole - 1):
                yield said, ast.Constant(near)
        case ast.Constant(float() as value):
            for other in (value * 2, value / 2, 1.0, 0.0):
                yield ask.NUMBER, ast.Constant(other)


def calls(place: Place) -> Change:
    """A function that is not applied."""
    match place.node:
        case ast.Call(ast.Name(name), [argument], []) if name in place.given:
            yield ask.SKIPPED.format(name), argument
        case ast.Call(ast.Attribute(ast.Name("np"), name), [argument, *_]) if name in WORDS:
            yield ask.FUNCTION.format(WORDS[name]), argument
        case ast.Call(ast.Name(name), [argument, *_]) if name in WORDS:
            yield ask.FUNCTION.format(WORDS[name]), argument
        case ast.Call(ast.Attribute(value, name), []) if name in WORDS:
            yield ask.FUNCTION.format(WORDS[name]), value


def keys(place: Place) -> Change:
    """Another key, of those that the function reads by name, where one of them is."""
    match place.node:
        case ast.Constant(str() as key) if place.is_index():
            for other in _keys(place):
                if other != key:
                    yield ask.KEY, ast.Constant(other)


def _keys(place):
    """The keys that the function around writes out, in square brackets."""
    read = (one.slice for one in ast.walk(place.above[0]) if isinstance(one, ast.Subscript))
    return dict.fromkeys(
        one.value for one in read if isinstance(one, ast.Constant) and isinstance(one.value, str)
    )


def arguments(place: Place) -> Change:
    """Two neighbouring arguments of a call in each other's place."""
    match place.node:
        case ast.Call(ast.Name(name), [_, _, *_] as args, keywords) if not hasattr(builtins, name):
            for one in range(len(args) - 1):
                order = [*args[:one], args[one + 1], args[one], *args[one + 2 :]]
                yield ask.ARGUMENTS, ast.Call(place.node.func, order, keywords)


def names(place: Place) -> Change:
    """Another argument, or a variable of the function, where one of them is read."""
    match place.node:
        case ast.Name(name, ast.Load()) if name in (own := _variables(place)) or name in place.given:
            for other in dict.fromkeys((*place.given, *own)):
                said = ask.CONFUSED.format(other, name) if {name, other} <= set(place.given) else ask.STALE
                if other != name:
                    yield said, ast.Name(other, ast.Load())


def indices(place: Place) -> Change:
    """Always the first, where a variable counts."""
    match place.node:
        case ast.Name(name, ast.Load()) if place.is_index() and name not in place.given:
            yield ask.FIXED.format(name), ast.Constant(0)


def turned(place: Place) -> Change:
    """An argument with rows and columns in each other's place, where it is no index."""
    match place.node:
        case ast.Name(name, ast.Load()) if name in place.given and not place.counts():
            func = ast.Attribute(ast.Name(name, ast.Load()), "swapaxes", ast.Load())
            yield ask.TURNED_ROUND.format(name), ast.Call(func, [ast.Constant(0), ast.Constant(1)], [])


def attributes(place: Place) -> Change:
    """Another attribute, of those that are read in the function, where one is."""
    match place.node:
        case ast.Attribute(value, name, ast.Load()) if name in (own := _attributes(place)):
            for other in own:
                if other != name:
                    yield (
                        ask.CONFUSED.format(f".{other}", f".{name}"),
                        ast.Attribute(value, other, ast.Load()),
                    )


def _attributes(place):
    """What the function around reads of things, but for methods and what is in modules."""
    inner = list(ast.walk(place.above[0]))
    called = {n.func for n in inner if isinstance(n, ast.Call)}
    read = [n for n in inner if isinstance(n, ast.Attribute) and n not in called]
    return dict.fromkeys(n.attr for n in read if not (isinstance(n.value, ast.Name) and n.value.id == "np"))


def _variables(place):
    """The names that the function around gives a value."""
    inner = ast.walk(place.above[0])
    return dict.fromkeys(n.id for n in inner if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))


def _plus(node, by):
    if isinstance(node, ast.Constant):
        return ast.Constant(node.value + by)
    return ast.BinOp(copy.copy(node), ast.Add(), ast.Constant(by)) if by else node


CHANGES = (numbers, calls, attributes, indices, arguments, keys)
