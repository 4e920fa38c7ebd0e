"""What a statement of a notebook needs, binds and may change: found by reading it, never by running it.

What draws or shows changes nothing that a later cell could need.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

MAX_PARSED = 100_000  # characters of a student's: Python's parser takes the square of an f-string's length
_DRAWING = re.compile(r"(matplotlib|seaborn|plotly|ipywidgets|visualize|interact|figures|progress)(\.|$)")
_SHOWING = re.compile(r"(print|display|help|show|plot|draw|visualize)(_|$)")
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_INNER = (*_SCOPES, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

_SURE = (*_SCOPES, ast.Assign, ast.AnnAssign, ast.Import, ast.ImportFrom)


@dataclass(frozen=True)
class Statement:
    """A top-level statement of a cell."""

    node: ast.stmt

    @property
    def is_import(self) -> bool:
        return isinstance(self.node, (ast.Import, ast.ImportFrom))

    @cached_property
    def needs(self) -> frozenset[str]:
        """The names it reads from around it, in the functions it defines too."""
        return frozenset(_free(self.node))

    @cached_property
    def binds(self) -> frozenset[str]:
        """The names it gives a value."""
        return frozenset(name for node in _own_nodes(self.node) for name in _bound_by(node))

    @property
    def surely_binds(self) -> frozenset[str]:
        """The names that have a new value whenever the statement has run."""
        return self.binds if isinstance(self.node, _SURE) else frozenset()

    @cached_property
    def changes(self) -> frozenset[str]:
        """The names it binds or whose objects it may change; `rng.shuffle(x)` may change rng and x."""
        stored = (n for n in _own_nodes(self.node) if isinstance(n, (ast.Attribute, ast.Subscript)))
        changed = {_root(n) for n in stored if not isinstance(n.ctx, ast.Load)}
        called = (n.value for n in _own_nodes(self.node) if isinstance(n, ast.Expr))
        return self.binds | changed | {name for value in called for name in _may_change(value)}

    @cached_property
    def draws(self) -> frozenset[str]:
        """Names it binds to drawing modules, or to what `plt.subplots()` and its like return."""
        if isinstance(self.node, ast.Import):
            return frozenset(_alias(a) for a in self.node.names if _DRAWING.search(a.name))
        if isinstance(self.node, ast.ImportFrom):
            module = _DRAWING.search(self.node.module or "")
            return frozenset(_alias(a) for a in self.node.names if module or _SHOWING.match(a.name))
        value = getattr(self.node, "value", None)
        made = isinstance(value, ast.Call) and _root(value.func) in ("plt", "matplotlib")
        return self.binds if made else frozenset()

    @property
    def called(self) -> str:
        """The first name of a call that stands alone, such as plt in `plt.plot(x)`; empty otherwise."""
        value = getattr(self.node, "value", None)
        return _root(value.func) if isinstance(self.node, ast.Expr) and isinstance(value, ast.Call) else ""


def statements(tree: ast.Module) -> tuple[Statement, ...]:
    return tuple(Statement(node) for node in tree.body)


def wanted(statement: Statement, needed: Iterable[str], drawing: Iterable[str]) -> bool:
    """Whether a statement can matter to what needs these names."""
    return statement.called not in drawing and not statement.changes.isdisjoint(needed)


def free_names(body: Iterable[Statement]) -> set[str]:
    """The names that a cell reads and does not bind before."""
    return _free_in_block([statement.node for statement in body])


def _free(node: ast.AST) -> set[str]:
    """The names read below a node, but for those that are local to an inner function or comprehension."""
    if isinstance(node, ast.Name):
        return {node.id} if _is_load(node) else set()
    found = set()
    for _field, value in ast.iter_fields(node):
        if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
            found |= _free_in_block(value)
        else:
            children = value if isinstance(value, list) else [value]
            found |= {name for c in children if isinstance(c, ast.AST) for name in _free(c)}
    if isinstance(node, (ast.For, ast.With)):
        return found - _targets(node)
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        return found | {node.target.id}
    return found - _locals(node) if isinstance(node, _INNER) else found


def _free_in_block(body: list[ast.stmt]) -> set[str]:
    needed: set[str] = set()
    for node in reversed(body):
        needed = (needed - Statement(node).surely_binds) | _free(node)
    return needed


def _targets(node: ast.For | ast.With) -> set[str]:
    """What a loop or a `with ... as name` binds before its body."""
    made = [node.target] if isinstance(node, ast.For) else [item.optional_vars for item in node.items]
    return {n.id for target in made if target for n in ast.walk(target) if isinstance(n, ast.Name)}


def _locals(node: ast.AST) -> set[str]:
    if isinstance(node, ast.ClassDef):
        return set()
    inner = [n for child in ast.iter_child_nodes(node) for n in _own_nodes(child)]
    names = {name for n in inner for name in _bound_by(n)}
    shared = {name for n in inner if isinstance(n, (ast.Global, ast.Nonlocal)) for name in n.names}
    return names | {n.arg for n in inner if isinstance(n, ast.arg)} - shared


def _is_load(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Load)


def _own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a statement that belong to its own scope; of inner functions and classes only the top."""
    yield node
    if not isinstance(node, _INNER):
        for child in ast.iter_child_nodes(node):
            yield from _own_nodes(child)


def _bound_by(node: ast.AST) -> Iterator[str]:
    if isinstance(node, _SCOPES):
        yield node.name
    elif isinstance(node, ast.Name) and not _is_load(node):
        yield node.id
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from map(_alias, node.names)


def _alias(alias: ast.alias) -> str:
    return (alias.asname or alias.name).split(".")[0]


def _may_change(value: ast.expr) -> set[str]:
    if not isinstance(value, ast.Call):
        return set()
    root = _root(value.func)
    called = value.func.attr if isinstance(value.func, ast.Attribute) else root
    if _SHOWING.match(called):
        return set()
    arguments = (*value.args, *(keyword.value for keyword in value.keywords))
    return {root} | {_root(a) for a in arguments if isinstance(a, (ast.Name, ast.Attribute, ast.Subscript))}


def _root(node: ast.AST) -> str:
    """The name that `name.a[0].b(...)` begins with."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call, ast.Starred)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""
