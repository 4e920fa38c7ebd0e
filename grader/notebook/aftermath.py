"""What a test cell leaves behind for the cells below it, as it does in a kernel where all run in one process.

A test that ran elsewhere (in the judge, or in a copy of the student's process) left nothing in the student's
process. What later cells need of it runs there afterwards: never a line of a hidden test.
"""

from __future__ import annotations

import ast
from collections.abc import Container, Set

from grader.notebook.dependencies import Statement
from grader.notebook.plan import Plan, PlanCell


def aftermaths(plan: Plan, inside: Container[str]) -> dict[str, str]:
    """grade_id of each test -> the source to run in the student's process after it; mostly there is none.

    inside: the grade_ids of the tests that run in the student's process.
    """
    needed: frozenset[str] = frozenset()
    left: dict[str, str] = {}
    for cell in reversed(plan.cells):
        if cell.kind == "test":
            left[cell.grade_id] = _left(
                cell, plan.tests[cell.grade_id].hidden, needed, cell.grade_id in inside
            )
        if cell.kind != "test" or cell.grade_id in inside:
            needed = (needed - cell.binds) | cell.needs
    return left


def feeders(plan: Plan, inside: Container[str]) -> set[str]:
    """The tests that run elsewhere and make an object that a test inside needs: it is another one there."""
    needed: frozenset[str] = frozenset()
    found = set()
    for cell in reversed(plan.cells):
        if cell.kind == "test" and cell.grade_id not in inside and not needed.isdisjoint(_made(cell)):
            found.add(cell.grade_id)
        ran_there = cell.grade_id in inside or cell.grade_id in found
        needed = (needed - cell.binds) | (cell.needs if cell.kind == "test" and ran_there else frozenset())
    return found


def _made(cell: PlanCell) -> frozenset[str]:
    """The names it binds by more than an import or a definition."""
    given = (ast.FunctionDef, ast.ClassDef)
    made = (s.binds for s in cell.body if not s.is_import and not isinstance(s.node, given))
    return frozenset().union(*made)


def _left(cell: PlanCell, hidden: Set[int], needed: Set[str], inside: bool) -> str:
    visible = [statement for statement in cell.body if not _lines(statement) & hidden]
    if not inside:
        return _unparse(_binding(visible, needed))
    touched = any(not statement.changes.isdisjoint(needed) for statement in visible)
    return _unparse(visible) if touched and hidden else ""


def _lines(statement: Statement) -> set[int]:
    return set(range(statement.node.lineno, (statement.node.end_lineno or 0) + 1))


def _binding(body: list[Statement], needed: Set[str]) -> list[Statement]:
    """The statements that bind what is needed, and what these need: what the test did to objects is done."""
    chosen = []
    for statement in reversed(body):
        if not statement.binds.isdisjoint(needed):
            chosen.append(statement)
            needed = (needed - statement.surely_binds) | statement.needs
    return chosen[::-1]


def _unparse(body: list[Statement]) -> str:
    return ast.unparse(ast.Module([statement.node for statement in body], []))
