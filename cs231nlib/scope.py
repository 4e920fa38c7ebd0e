"""A test cell keeps its names to itself, so that no answer comes to lean on what grading does not have.

A cell counts as one when it makes a Grade and ends with its total:

    grade = Grade(points=4)
    ...
    grade.total()
"""

from __future__ import annotations

import ast
import os
from typing import Any

from cs231nlib.session import find_shell

VALIDATE = "validate"  # what nbgrader's Validate calls itself; its grading runs a cell as it stands
NAME = "_test_cell"


def install() -> None:
    """From now on such a cell of this notebook runs as the body of a function."""
    shell = find_shell()
    if shell is None or os.environ.get("NBGRADER_EXECUTION", VALIDATE) != VALIDATE:
        return
    if not any(type(known).__name__ == _OwnScope.__name__ for known in shell.ast_transformers):
        shell.ast_transformers.append(_OwnScope(shell.user_ns))


class _OwnScope(ast.NodeTransformer):
    """Makes a function and its call of the tree of a test cell; leaves every other tree as it is."""

    def __init__(self, names):
        self._names = names  # of the notebook

    def visit_Module(self, tree):
        if not _is_test(tree.body):
            return tree
        *body, last = tree.body
        made = ast.parse(f"def {NAME}(): pass\n{NAME}()")
        function: Any = made.body[0]
        function.body = [*body, ast.copy_location(ast.Return(last.value), last)]
        try:
            own = _local_names(ast.fix_missing_locations(made))
        except SyntaxError:  # `await`, or `from module import *`
            return tree
        # A name of the notebook's that the test binds anew begins as what it is there.
        for name in sorted(own & self._names.keys()):
            function.args.args.append(ast.arg(name))
            function.args.defaults.append(ast.Name(name, ast.Load()))
        return ast.fix_missing_locations(made)


def _is_test(body):
    """Whether these statements make a Grade and end with its total."""
    made = [s.targets[0] for s in body if isinstance(s, ast.Assign) and _called(s.value) == "Grade"]
    names = {f"{target.id}.total" for target in made if isinstance(target, ast.Name)}
    return bool(body) and isinstance(body[-1], ast.Expr) and _called(body[-1].value) in names


def _called(value):
    return ast.unparse(value.func) if isinstance(value, ast.Call) else ""


def _local_names(tree):
    constants = compile(tree, "<test>", "exec").co_consts
    code = next(one for one in constants if hasattr(one, "co_varnames"))
    return {*code.co_varnames, *code.co_cellvars}
