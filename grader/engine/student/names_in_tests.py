"""For the run of a test in this process: its names mean what the judge says, whatever a student calls so."""

from __future__ import annotations

import ast
import importlib
import os
from typing import Any

from grader.engine.student.comparisons import Comparisons

GIVEN = "__given__"  # the name under which a test finds them


class Given:
    """What the names of a test stand for, as attributes: builtins, modules and what they define.

    of: name -> (module, what of it); without a module, what is the source of a function. names: the
    notebook's own, where a module lies beside it and may be new.
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
        if (getattr(module, "__file__", None) or "").startswith(os.getcwd()) and name in self._names:
            return self._names[name]
        return getattr(module, what) if what else module

    def _make(self, name: str, source: str) -> Any:
        """The instructor's function, which finds the notebook's names and means by others what tests mean."""
        tree = ast.parse(source)
        inner = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
        inner |= {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        TestNames({n: what for n, what in self._of.items() if n not in inner}, (), "").visit(tree)
        Comparisons(name).visit(tree)
        exec(compile(tree, f"<{name}>", "exec"), self._names, self._made)
        return self._made[name]


class TestNames(ast.NodeTransformer):
    """Lets a test look up `given` names in `Given`, and ends its `own` variables in `ending`."""

    def __init__(self, given: dict[str, tuple[str, str]], own: tuple[str, ...], ending: str):
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
