"""Where a test that runs in this process compares: its operands pass `Claims` on their way."""

from __future__ import annotations

import ast
import itertools
import re

from grader.engine.student.claims import CLAIMS

_IDENTITY = (ast.Is, ast.IsNot)
_COMPARING = re.compile(
    r"equal|close|\Aeq_|\Aapprox|less|greater|subtract|assert_?(?:not_?)?in\Z|\Ais_?in\Z|contains|\Acheck|compare",
    re.IGNORECASE,
)


class Comparisons(ast.NodeTransformer):
    """Lets a test ask `Claims` before it compares or subtracts, or a function that it calls, of that name."""

    def __init__(self, name: str = "") -> None:
        self._numbers = (f"{name} {number}" for number in itertools.count())

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        if all(isinstance(operator, _IDENTITY) for operator in node.ops):
            return node
        node.left, *node.comparators = self._met([node.left, *node.comparators])
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.op, ast.Sub):
            node.left, node.right = self._met([node.left, node.right])
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        function, named = node.func, [keyword for keyword in node.keywords if keyword.arg]
        name = getattr(function, "attr", getattr(function, "id", ""))
        if not _COMPARING.search(name):
            return node
        holder = [function.value] if isinstance(function, ast.Attribute) and len(node.args) == 1 else []
        values = self._met([*holder, *node.args, *(keyword.value for keyword in named)])
        for keyword in reversed(named):
            keyword.value = values.pop()
        if holder and isinstance(function, ast.Attribute):
            function.value = values.pop(0)
        node.args = values
        return node

    def visit_Match(self, node: ast.Match) -> ast.Match:
        self.generic_visit(node)
        patterns = [
            inner for case in node.cases for inner in getattr(case.pattern, "patterns", [case.pattern])
        ]
        if any(isinstance(pattern, ast.MatchValue) for pattern in patterns):
            both = ast.Tuple([ast.Constant(0), node.subject], ast.Load())  # a plain value for it to meet
            last = ast.Subscript(
                _call("met_all", next(self._numbers), True, both), ast.Constant(-1), ast.Load()
            )
            node.subject = ast.fix_missing_locations(ast.copy_location(last, node.subject))
        return node

    def _met(self, operands: list[ast.expr]) -> list[ast.expr]:
        number = next(self._numbers)
        return [_asked(operand, number, first=not at) for at, operand in enumerate(operands)]


def _asked(operand: ast.expr, number: str, first: bool) -> ast.expr:
    if isinstance(operand, ast.Starred):
        asked: ast.expr = ast.Starred(_call("met_all", number, first, operand.value), ast.Load())
    else:
        asked = _call("met", number, first, operand)
    return ast.fix_missing_locations(ast.copy_location(asked, operand))


def _call(method: str, number: str, first: bool, value: ast.expr) -> ast.Call:
    function = ast.Attribute(ast.Name(CLAIMS, ast.Load()), method, ast.Load())
    return ast.Call(function, [ast.Constant(number), ast.Constant(first), value], [])
