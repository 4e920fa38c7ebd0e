"""Whether a piece of code changes nothing but what is its own: read node by node, never run."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.notebook.bindings import own_nodes

REACHING = frozenset(
    ("setattr", "delattr", "exec", "eval", "compile", "globals", "locals", "vars", "open", "__import__")
)
SETTING = frozenset(("random", "seterr", "seterrcall", "setbufsize", "set_printoptions", "save", "memmap"))
GENERATOR = "default_rng"  # of one's own: what it draws is nobody else's
SELF = frozenset(("self",))
PLAIN = ("__init__", "__name__")
DECORATORS = ("staticmethod", "classmethod", "property")
FIXED = (ast.Constant, ast.UnaryOp, ast.unaryop, ast.Tuple, ast.Name, ast.Attribute, ast.expr_context)


def is_calm(statement: ast.stmt) -> bool:
    """Whether a statement of a cell gives modules and functions no new parts, and draws nothing by chance."""
    stored = (n for n in own_nodes(statement) if isinstance(n, ast.Attribute))
    own = all(isinstance(n.ctx, ast.Load) for n in stored)
    return own and not any(_words(n) & (REACHING | {"random"}) for n in _walk(statement))


def is_tame(statement: ast.AST, modules: frozenset[str], own: frozenset[str] = SELF) -> bool:
    """Whether a statement, its functions included, reaches no further than the names that it reads.

    own: the names whose attributes it may set.
    """
    return all(_is_tame(node, modules, own) for node in _walk(statement))


def is_settled(statement: ast.stmt, modules: frozenset[str]) -> bool:
    """Whether what a statement binds is a constant, a module, or a function or class that keeps nothing."""
    match statement:
        case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
            return _is_fixed(value)
        case ast.ClassDef(body=body):
            return all(map(_is_member, body)) and is_tame(statement, modules)
        case ast.FunctionDef() | ast.Import() | ast.ImportFrom():
            return is_tame(statement, modules)
    return False


def _is_member(statement: ast.stmt) -> bool:
    match statement:
        case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
            return _is_fixed(value)
    return isinstance(statement, ast.FunctionDef | ast.Pass | ast.Expr | ast.AnnAssign)


def _is_tame(node: ast.AST, modules: frozenset[str], own: frozenset[str]) -> bool:
    if _words(node) & (REACHING | SETTING):
        return False
    match node:
        case ast.Global() | ast.Nonlocal() | ast.AsyncFunctionDef() | ast.Await():
            return False
        case ast.ClassDef(bases=bases, keywords=keywords, decorator_list=decorators):
            return not keywords and not decorators and all(isinstance(base, ast.Name) for base in bases)
        case ast.FunctionDef(decorator_list=decorators):
            return all(isinstance(one, ast.Name) and one.id in DECORATORS for one in decorators)
        case ast.arguments(defaults=defaults, kw_defaults=more):
            return all(value is None or _is_fixed(value) for value in (*defaults, *more))
        case ast.Attribute(value=owner, attr=attr, ctx=context):
            mine = isinstance(context, ast.Load) or (isinstance(owner, ast.Name) and owner.id in own)
            return mine and (not attr.startswith("_") or attr in PLAIN)
        case ast.Import() | ast.ImportFrom():
            return imported_roots(node) <= modules
    return True


def imported_roots(node: ast.AST) -> set[str]:
    """The packages that an import takes from."""
    if isinstance(node, ast.ImportFrom):
        return {(node.module or "").split(".")[0]}
    return {one.name.split(".")[0] for one in node.names} if isinstance(node, ast.Import) else set()


def _words(node: ast.AST) -> frozenset[str]:
    """The names that a node itself mentions: its name, attribute, module."""
    match node:
        case ast.Name(id=text) | ast.Attribute(attr=text) | ast.alias(name=text):
            return frozenset(text.split("."))
        case ast.ImportFrom(module=str(text)):
            return frozenset(text.split("."))
    return frozenset()


def _is_fixed(value: ast.expr) -> bool:
    """Whether it is a value that nobody can change, or another name of something."""
    return all(isinstance(node, FIXED) for node in ast.walk(value))


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """Its nodes, but for those of `np.random.default_rng`."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if not (isinstance(node, ast.Attribute) and node.attr == GENERATOR):
            yield node
            waiting += ast.iter_child_nodes(node)
