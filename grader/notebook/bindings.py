"""What a statement binds: for what comes after it, and for its own inside alone."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from grader.notebook.magics import magic_of, python_in
from grader.notebook.syntax import parse

ANY = "*"  # what `from module import *` and `%run` bind: nobody can tell

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_INNER = (*_SCOPES, ast.Lambda, *_COMPREHENSIONS)
_BINDERS = (
    ast.Name,
    ast.MatchAs,
    ast.MatchStar,
    ast.MatchMapping,
    ast.Import,
    ast.ImportFrom,
    ast.Call,
    *_SCOPES,
)
_SIGNS = (ast.expr_context, ast.operator, ast.boolop, ast.unaryop, ast.cmpop)
_SURE = (*_SCOPES, ast.Assign, ast.AnnAssign, ast.Import, ast.ImportFrom)


def surely_bound(node: ast.stmt) -> frozenset[str]:
    """The names that have a new value whenever the statement has run."""
    return frozenset(bound(node)) if isinstance(node, _SURE) else frozenset()


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a statement that belong to its own scope, but for signs; of inner scopes only the top."""
    waiting = [node]  # no recursion: a student's expression may be nested deeper than Python can call
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, _INNER):
            waiting += _children(node)[::-1]


def _children(node: ast.AST) -> list[ast.AST]:
    """As ast.iter_child_nodes has them, but for signs such as Load and Add: half of all nodes are some."""
    found: list[ast.AST] = []
    for field in node._fields:
        value = getattr(node, field, None)
        if isinstance(value, list):
            found += [
                child for child in value if isinstance(child, ast.AST) and not isinstance(child, _SIGNS)
            ]
        elif isinstance(value, ast.AST) and not isinstance(value, _SIGNS):
            found.append(value)
    return found


def alias_name(alias: ast.alias) -> str:
    """The name that an import binds."""
    return (alias.asname or alias.name).split(".")[0]


def bound(statement: ast.stmt) -> Iterator[str]:
    """The names to which a statement gives a value that outlasts it, in order, some of them twice."""
    for node in own_nodes(statement):
        if isinstance(node, _COMPREHENSIONS):
            yield from (n.target.id for n in ast.walk(node) if isinstance(n, ast.NamedExpr))
        elif isinstance(node, ast.Call) and (text := python_in(node)) is not None:
            yield from (name for inner in parse(text).body for name in bound(inner))
        if isinstance(node, _BINDERS):
            yield from _bound_by(node)


def bound_below(statement: ast.stmt) -> Iterator[str]:
    """The names that are bound anywhere in a statement, in its functions and for its inside alone, too."""
    for node in ast.walk(statement):
        yield from _bound_by(node)
        if isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name


def _bound_by(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
        case ast.MatchMapping(rest=str(name)):
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from map(alias_name, names)
        case ast.Call() if (magic := magic_of(node)) and magic[0] in ("capture", "run", "pylab"):
            yield from [magic[1].split()[-1]] if magic[0] == "capture" and magic[1] else []
            yield from [ANY] if magic[0] != "capture" else []
        case _ if isinstance(node, _SCOPES):
            yield node.name


def locals_of(node: ast.AST) -> set[str]:
    """What is bound for the inside of a node alone."""
    if isinstance(node, ast.For | ast.AsyncFor):
        return _stored([node.target])
    if isinstance(node, ast.With | ast.AsyncWith):
        return _stored([item.optional_vars for item in node.items if item.optional_vars])
    if isinstance(node, ast.ExceptHandler):
        return {node.name} if node.name else set()
    if not isinstance(node, _INNER) or isinstance(node, ast.ClassDef):
        return set()
    inner = [n for child in ast.iter_child_nodes(node) for n in own_nodes(child)]
    names = {name for n in inner if isinstance(n, _BINDERS) for name in _bound_by(n)} | {
        n.arg for n in inner if isinstance(n, ast.arg)
    }
    shared = {name for n in inner if isinstance(n, ast.Global | ast.Nonlocal) for name in n.names}
    return names - shared


def _stored(targets: Iterable[ast.AST]) -> set[str]:
    return {n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)}
