"""Wrong answers made from the right ones (mutants, as in mutation testing).

What they earn shows whether a test judges outside of the student's process as it does inside: a test that an
object "has no" something, or that "nothing was printed", can be content outside whatever the answer does.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import nbformat
from nbformat import NotebookNode

from grader.notebook.cells import is_solution, python
from grader.notebook.names import called_name

_COPIES = frozenset(
    "list dict set tuple sorted copy deepcopy array asarray int float str bool DataFrame Series".split()  # noqa: SIM905
)
_OTHER: dict[type, type] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt, ast.In: ast.NotIn,
}  # fmt: skip
_NOISE = ast.parse("print('!'); __import__('warnings').warn('!')").body


def mutants(nb: NotebookNode) -> Iterator[tuple[str, NotebookNode]]:
    """The instructor's notebook with all its answers changed, each time in another way, and which way."""
    for what, change in _CHANGES.items():
        mutant = nbformat.from_dict(nb)
        for cell in mutant.cells:
            if cell.cell_type == "code" and is_solution(cell):
                cell.source = _changed(cell.source, change())
        yield what, mutant


def _changed(source: str, change: ast.NodeTransformer) -> str:
    """The source after the change; what is no Python stays as it is."""
    try:
        return ast.unparse(ast.fix_missing_locations(change.visit(ast.parse(python(source)))))
    except (SyntaxError, ValueError, RecursionError):
        return source


class _HollowFunctions(ast.NodeTransformer):
    """Functions that do nothing."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        if node.name != "__init__":
            node.body = [*node.body[: ast.get_docstring(node) is not None], ast.Pass()]
        return node


class _ShiftedValues(ast.NodeTransformer):
    """Numbers and texts that are others, operators that do another thing."""

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, int | float) and not isinstance(node.value, bool):
            return ast.Constant(node.value + 1)
        return ast.Constant(node.value + "!") if isinstance(node.value, str) else node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        node.op = _OTHER.get(type(node.op), type(node.op))()
        return self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        node.ops = [_OTHER.get(type(op), type(op))() for op in node.ops]
        return self.generic_visit(node)


class _BareCode(ast.NodeTransformer):
    """No special methods, decorators, annotations, docstrings or errors raised."""

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        kept = [inner for inner in node.body if not _is_special(getattr(inner, "name", ""))]
        node.body, node.decorator_list = kept or [ast.Pass()], []
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.body = node.body[ast.get_docstring(node) is not None :] or [ast.Pass()]
        node.decorator_list, node.returns = [], None
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        return ast.Pass()


class _NoisyFunctions(ast.NodeTransformer):
    """Functions that print and warn; copies and conversions that are the thing itself."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.body = [*_NOISE, *node.body]
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        name = called_name(node.func)
        if name == "copy" and not node.args and isinstance(node.func, ast.Attribute):
            return node.func.value
        return node.args[0] if name in _COPIES and len(node.args) == 1 else node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        whole = ast.unparse(node.slice) == ":" and isinstance(node.ctx, ast.Load)
        return node.value if whole else node


def _is_special(name: str) -> bool:
    return name.startswith("__") and name.endswith("__") and name != "__init__"


_CHANGES: dict[str, type[ast.NodeTransformer]] = {
    "functions that do nothing": _HollowFunctions,
    "other numbers, texts and operators": _ShiftedValues,
    "no special methods, no errors": _BareCode,
    "functions that print and warn, no copies": _NoisyFunctions,
}
