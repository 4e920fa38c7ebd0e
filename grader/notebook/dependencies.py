"""What a statement of a notebook needs, binds and may change: found by reading it, never by running it.

What draws or shows changes nothing that a later cell could need.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from grader.notebook.bindings import ANY, alias_name, bound, own_nodes, surely_bound
from grader.notebook.names import free

_DRAWING = re.compile(r"(matplotlib|seaborn|plotly|ipywidgets|visualize|interact|figures|progress)(\.|$)")
_SHOWING = re.compile(r"(print|display|help|show|plot|draw|visualize)(_|$)")
_WHOLE_PROCESS = frozenset(("sys", "os"))  # what these change, any later cell may need


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
        return frozenset(free(self.node))

    @cached_property
    def binds(self) -> frozenset[str]:
        """The names it gives a value."""
        return frozenset(bound(self.node))

    @cached_property
    def surely_binds(self) -> frozenset[str]:
        """The names that have a new value whenever the statement has run."""
        return surely_bound(self.node)

    @cached_property
    def changes(self) -> frozenset[str]:
        """The names it binds, deletes or whose objects it may change; `rng.shuffle(x)`: rng and x."""
        places = (n for n in own_nodes(self.node) if isinstance(n, (ast.Attribute, ast.Subscript, ast.Name)))
        changed = {_root(n) for n in places if not isinstance(n.ctx, ast.Load)}
        called = (n.value for n in own_nodes(self.node) if isinstance(n, ast.Expr))
        return self.binds | changed | {name for value in called for name in _may_change(value)}

    @cached_property
    def draws(self) -> frozenset[str]:
        """Names it binds to drawing modules, or to what `plt.subplots()` and its like return."""
        if isinstance(self.node, ast.Import):
            return frozenset(alias_name(a) for a in self.node.names if _DRAWING.search(a.name))
        if isinstance(self.node, ast.ImportFrom):
            module = _DRAWING.search(self.node.module or "")
            return frozenset(alias_name(a) for a in self.node.names if module or _SHOWING.match(a.name))
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
    for_all = ANY in statement.binds or (not statement.is_import and statement.changes & _WHOLE_PROCESS)
    useful = for_all or not statement.changes.isdisjoint(needed)
    return bool(useful) and statement.called not in drawing


def free_names(body: Iterable[Statement]) -> set[str]:
    """The names that a cell reads and does not bind before."""
    needed: set[str] = set()
    for statement in reversed(list(body)):
        needed = (needed - statement.surely_binds) | statement.needs
    return needed


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
