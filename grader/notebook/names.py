"""Which names a cell defines and which it uses: a static reading of its source."""

import ast
import builtins

from IPython.core.inputtransformer2 import TransformerManager


def parse(source: str) -> ast.Module:
    """The tree of a cell, magics and all; a cell that is not Python gives an empty one."""
    try:
        return ast.parse(TransformerManager().transform_cell(source))
    except (SyntaxError, ValueError):
        return ast.Module(body=[], type_ignores=[])


def defined(source: str) -> list[str]:
    """Names that the cell binds at its top level, in order, each once."""
    names: list[str] = []
    for statement in parse(source).body:
        names += _bound(statement)
    return list(dict.fromkeys(names))


def used(source: str) -> set[str]:
    """Names that the cell needs from elsewhere: read in it, bound nowhere in it, not builtin."""
    nodes = list(ast.walk(parse(source)))
    read = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    return read - {name for node in nodes for name in _binds(node)} - set(vars(builtins))


def _bound(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [statement.name]
    return [name for node in ast.walk(statement) for name in _binds(node)]


def _binds(node: ast.AST) -> list[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store()):
            return [name]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.arg(arg=name) | ast.ExceptHandler(name=str(name)):
            return [name]
        case ast.alias(name=name, asname=asname):
            return [asname or name.split(".")[0]]
    return []
