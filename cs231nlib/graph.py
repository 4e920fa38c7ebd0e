"""A computation as a graph of nodes that know their values; the gradients are the reader's to compute."""

from __future__ import annotations

import ast
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from cs231nlib.graph_drawing import draw_graph
from cs231nlib.graph_passes import passes

__all__ = ["Node", "apply", "draw_graph", "leaf", "maximum", "passes", "tanh", "trace"]

SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
FUNCTIONS = {"exp": 1, "log": 1, "tanh": 1, "max": 2}  # name -> number of arguments


@dataclass(eq=False)
class Node:
    """One number in a computation, and where it came from.

    op: "input", "number", or the operation: + - * / ** neg exp log tanh max. value: float. parents: the
    nodes it was computed from, in order; the same node may stand there twice. local_grads: its derivative
    with respect to each parent, in the same order. grad: the derivative of the output, 0.0 until filled in.
    Operators make new nodes, from nodes and numbers: with x = leaf(3.0), 2 * x + 1 is a Node of value 7.0.
    """

    op: str
    value: float
    parents: tuple[Node, ...] = ()
    name: str = ""
    local_grads: tuple[float, ...] = ()
    grad: float = 0.0

    def __add__(self, other: Any) -> Node:
        return apply("+", self, other)

    def __sub__(self, other: Any) -> Node:
        return apply("-", self, other)

    def __mul__(self, other: Any) -> Node:
        return apply("*", self, other)

    def __truediv__(self, other: Any) -> Node:
        return apply("/", self, other)

    def __pow__(self, other: Any) -> Node:
        return apply("**", self, other)

    def __neg__(self) -> Node:
        return apply("neg", self)

    def __radd__(self, other: Any) -> Node:
        return apply("+", other, self)

    def __rsub__(self, other: Any) -> Node:
        return apply("-", other, self)

    def __rmul__(self, other: Any) -> Node:
        return apply("*", other, self)

    def __rtruediv__(self, other: Any) -> Node:
        return apply("/", other, self)

    def __repr__(self) -> str:  # not the parents: a chain of 3,000 nodes would not fit
        return f"Node({self.op!r}, value={self.value:.6g}, grad={self.grad:.6g}, name={self.name!r})"


def leaf(value: Any, name: str = "") -> Node:
    """A node without parents: an input of the computation."""
    return Node("input", float(value), name=name)


def apply(op: str, *operands: Any, name: str = "") -> Node:
    """The node of one operation on nodes or plain numbers, with its value and local gradients."""
    parents = tuple(p if isinstance(p, Node) else Node("number", float(p)) for p in operands)
    value, local_grads = _evaluate(op, *(p.value for p in parents))
    return Node(op, float(value), parents, name, tuple(map(float, local_grads)))


def tanh(a: Any) -> Any:
    """The hyperbolic tangent of a Node, a number or an array."""
    return apply("tanh", a) if isinstance(a, Node) else np.tanh(a)


def maximum(a: Any, b: Any) -> Any:
    """The larger of two Nodes, numbers or arrays; a tie goes to the first."""
    return apply("max", a, b) if isinstance(a, Node) or isinstance(b, Node) else np.maximum(a, b)


def trace(expr: str, **values: Any) -> Node:
    """The graph of a formula at given inputs: trace("q = x + y; f = q * z", x=-2, y=5, z=-4).

    expr: formulas of + - * / ** exp log tanh max, numbers and names, one a line or parted by semicolons; a
    name given on the way names its node. Returns the node of the last formula. ValueError for all else.
    """
    known = {name: leaf(value, name) for name, value in values.items()}
    try:
        lines = ast.parse(expr.strip()).body
    except SyntaxError as error:
        raise ValueError(f"not a formula: {error.text or expr!r}") from error
    for line in lines:
        match line:
            case ast.Assign([ast.Name(name)], formula):
                node = known[name] = _read(formula, known)
                node.name = node.name or name
            case ast.Expr(formula):
                node = _read(formula, known)
            case _:
                raise ValueError(f"trace reads formulas and 'name = formula', not {ast.unparse(line)!r}")
    if not lines:
        raise ValueError("no formula given")
    return node


def _read(tree, known):
    """The node of one parsed expression."""
    match tree:
        case ast.Constant(value=int() | float() as number):
            return Node("number", float(number))
        case ast.Name(id=name) if name in known:
            return known[name]
        case ast.Name(id=name):
            raise ValueError(f"no value for {name!r}: write trace(..., {name}=1.0)")
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return apply("neg", _read(inner, known))
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in SIGNS:
            return apply(SIGNS[type(sign)], _read(left, known), _read(right, known))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if FUNCTIONS.get(name) == len(args):
            return apply(name, *(_read(arg, known) for arg in args))
    raise ValueError(f"trace does not know {ast.unparse(tree)!r}; it reads + - * / ** {' '.join(FUNCTIONS)}")


def _evaluate(op, a, b=None):
    """Value of an operation and its derivatives with respect to each operand."""
    match op:
        case "+":
            return a + b, (1, 1)
        case "-":
            return a - b, (1, -1)
        case "*":
            return a * b, (b, a)
        case "/":
            return a / b, (1 / b, -a / b**2)
        case "**":
            return math.pow(a, b), (b * math.pow(a, b - 1) if b else 0, a**b * math.log(a) if a > 0 else 0)
        case "neg":
            return -a, (-1,)
        case "exp":
            return math.exp(a), (math.exp(a),)
        case "log":
            return math.log(a), (1 / a,)
        case "tanh":
            return math.tanh(a), (1 - math.tanh(a) ** 2,)
        case "max":  # a tie goes to the first
            return max(a, b), (a >= b, a < b)
    raise ValueError(f"unknown operation {op!r}")
