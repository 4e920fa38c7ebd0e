"""Slips in how often a part counts: a factor or a term twice, half a term, a square, a length."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.notebook import slip_questions as ask
from grader.notebook.slip_place import Place

Change = Iterator[tuple[str, ast.AST]]
Scaled = Iterator[tuple[str, ast.expr]]


def parts(place: Place) -> Change:
    """A factor, a divisor or a term that comes twice, or half."""
    match place.node:
        case ast.BinOp(left, ast.Mult() | ast.Div() as op, right) if not place.counts():
            yield ask.FACTOR_TWICE, ast.BinOp(place.node, op, right)
            if isinstance(op, ast.Mult):
                yield ask.FACTOR_TWICE, ast.BinOp(left, ast.Mult(), place.node)
        case ast.BinOp(left, ast.Add() | ast.Sub() as op, right) if not place.counts():
            for by in (ast.Mult(), ast.Div()):
                yield ask.WEIGHT, ast.BinOp(left, op, ast.BinOp(right, by, ast.Constant(2)))
                yield ask.WEIGHT, ast.BinOp(ast.BinOp(left, by, ast.Constant(2)), op, right)


def names(place: Place) -> Change:
    """The square or the size of an argument where itself belongs."""
    match place.node:
        case ast.Name(name, ast.Load()) if name in place.given and not place.counts():
            yield ask.SQUARED.format(name), ast.BinOp(place.node, ast.Pow(), ast.Constant(2))
            sized = ast.Call(ast.Name("abs", ast.Load()), [place.node], [])
            yield ask.SIZE.format(name), sized


def results(place: Place) -> Change:
    """One of the results divided by how many examples there are, multiplied by it, halved or doubled."""
    match place.node:
        case ast.Return(ast.Tuple(several, context)):
            for at, one in enumerate(several):
                for said, other in _scaled(one, place):
                    yield said, ast.Return(ast.Tuple([*several[:at], other, *several[at + 1 :]], context))
        case ast.Return(ast.expr() as one):
            for said, other in _scaled(one, place):
                yield said, ast.Return(other)


def _scaled(one: ast.expr, place: Place) -> Scaled:
    yield ask.SIGN_OF_ALL, ast.UnaryOp(ast.USub(), one)
    for by in (ast.Div(), ast.Mult()):
        yield ask.HALF, ast.BinOp(one, by, ast.Constant(2))
        for name in dict.fromkeys(place.given[-2:] + place.given[:1]):
            length = ast.Call(ast.Name("len", ast.Load()), [ast.Name(name, ast.Load())], [])
            yield ask.LENGTH.format(name), ast.BinOp(one, by, length)


CHANGES = (parts, names, results)
