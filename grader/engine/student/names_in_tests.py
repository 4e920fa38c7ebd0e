"""For the run of a test in this process: its names mean what the judge says, whatever a student calls so."""

from __future__ import annotations

import ast
import importlib
import os
from collections.abc import Collection
from typing import Any, cast

from grader.engine.student.comparisons import Comparisons

GIVEN = "__given__"  # the name under which a test finds them


class Given:
    """What the names of a test stand for, as attributes: builtins, modules and what they define.

    of: name -> (module, what of it); without a module, what is the source of a function. names: the
    notebook's own, where a module lies beside it and may be a newer one.
    """

    def __init__(self, of: dict[str, tuple[str, str]], names: dict[str, Any]):
        self._of, self._names = of, names
        self._made: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        if name not in self._of:  # who goes through a notebook's names asks for all kinds of attributes
            raise AttributeError(name)
        module_name, what = self._of[name]
        if not module_name:
            return self._made.get(name) or self._make(name, what)
        module = importlib.import_module(module_name)
        beside = (getattr(module, "__file__", None) or "").startswith(os.getcwd())
        own = self._names.get(name)
        if beside and module_name in (getattr(own, "__module__", ""), getattr(own, "__name__", "")):
            return own  # of the module as it was when the notebook imported it
        return getattr(module, what) if what else module

    def _make(self, name: str, source: str) -> Any:
        """The instructor's function, which finds the notebook's names and means by others what tests mean,
        whenever it is called."""
        (function,) = ast.parse(source).body
        inner = {_bound(node) for node in ast.walk(function)} - {name}
        TestNames(self._of.keys() - inner, (), "").visit(function)
        Comparisons(name).visit(function)
        tree = ast.parse(f"def make({GIVEN}):\n    pass\n    return {name}")
        cast("ast.FunctionDef", tree.body[0]).body[0] = function
        made: dict[str, Any] = {}
        exec(compile(tree, f"<{name}>", "exec"), self._names, made)
        self._made[name] = made["make"](self)
        return self._made[name]


def _bound(node: ast.AST) -> str | None:
    """The name that a node of a function binds there."""
    if isinstance(node, ast.Name):
        return node.id if isinstance(node.ctx, ast.Store) else None
    if isinstance(node, ast.arg):
        return node.arg
    return getattr(node, "asname", None) or getattr(node, "name", None)


class TestNames(ast.NodeTransformer):
    """Lets a test look up `given` names in `Given`, and ends its `own` variables in `ending`."""

    def __init__(self, given: Collection[str], own: tuple[str, ...], ending: str):
        self._given, self._own, self._ending = given, own, ending

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self._own:
            return ast.copy_location(ast.Name(node.id + self._ending, node.ctx), node)
        if node.id in self._given and isinstance(node.ctx, ast.Load):
            holder = ast.copy_location(ast.Name(GIVEN, ast.Load()), node)
            return ast.copy_location(ast.Attribute(holder, node.id, ast.Load()), node)
        return node

    def visit_Global(self, node: ast.Global) -> ast.Global:
        node.names = [name + self._ending * (name in self._own) for name in node.names]
        return node
