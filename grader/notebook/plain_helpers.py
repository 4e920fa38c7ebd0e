"""Functions that plain cells define for tests alone, such as an `assert_equal` of the course's own.

No answer mentions them, so a student who gives such a name another value either means nothing by it or wants
the tests to believe something.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence

from grader.notebook.bindings import ANY
from grader.notebook.dependencies import Statement

Cells = Sequence[tuple[str, Sequence[Statement]]]  # the kind of each cell, and its statements


def helpers(cells: Cells) -> dict[str, ast.FunctionDef]:
    """name -> definition, of functions that are defined once, without a decorator and with plain defaults,
    and that cells other than answers call and use in no other way."""
    bound = Counter(name for _kind, body in cells for s in body for name in s.binds)
    if ANY in bound:
        return {}
    other = {name for kind, body in cells for s in body for name in _uses(s.node, kind == "solution")}
    plain = (s.node for kind, body in cells if kind == "plain" for s in body)
    simple = (node for node in plain if isinstance(node, ast.FunctionDef) and _is_simple(node))
    return {node.name: node for node in simple if bound[node.name] == 1 and node.name not in other}


def _is_simple(node: ast.FunctionDef) -> bool:
    defaults = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
    return not node.decorator_list and all(isinstance(value, ast.Constant) for value in defaults)


def _uses(node: ast.AST, calls: bool) -> Iterator[str]:
    """The names that a statement mentions, calls among them only if asked."""
    nodes = list(ast.walk(node))
    called = set() if calls else {id(n.func) for n in nodes if isinstance(n, ast.Call)}
    for inner in nodes:
        if isinstance(inner, ast.Name) and id(inner) not in called:
            yield inner.id
        elif isinstance(inner, ast.Global):
            yield from inner.names
