"""Which test cells must run together: those of one group may find what another of it left, or change it.

What a test finds besides answers, modules, constants and functions ties it to the cell that made it, and to
every other cell that finds it. Tests of two groups know nothing of each other.
"""

from __future__ import annotations

import ast

from grader.notebook.aftermath import aftermaths
from grader.notebook.bindings import ANY
from grader.notebook.lasting import MODULES, definitions, unsettled
from grader.notebook.plan import Plan, PlanCell
from grader.notebook.tame import SELF, imported_roots, is_calm, is_tame

CHECKING = MODULES | {"nose", "pytest"}  # whose checks in one cell know nothing of another cell
Group = frozenset[str]


def test_groups(plan: Plan) -> list[Group]:
    """The grade_ids of the tests, group by group; one group of all where nobody can tell.

    In a course with chapters all that its plain cells import may check, too: it was tried out with its tests.
    """
    modules = CHECKING if plan.whole else CHECKING | _imported(plan)
    cells = [_Cell(cell, plan, modules) for cell in plan.cells if cell.kind != "solution"]
    by_tests = {name for cell in cells if cell.is_test for name in cell.binds}
    known = definitions(node for cell in cells if not cell.is_test for node in cell.nodes)
    if ANY in known or any(aftermaths(plan, ()).values()) or not all(cell.is_clear() for cell in cells):
        return [frozenset(plan.tests)]
    known |= {name: [ast.Pass()] for name in by_tests}  # it may be another value at another time
    for cell in cells:
        cell.finds = frozenset(unsettled(cell.reads, known, modules))
    return _named(_joined(cells), plan)


class _Cell:
    """A cell that the judge runs; `finds` is what other cells may have made or changed."""

    def __init__(self, cell: PlanCell, plan: Plan, modules: frozenset[str]):
        test = plan.tests.get(cell.grade_id)
        self.grade_id, self.is_test, self._idiom = cell.grade_id, test is not None, test and test.idiom
        self._modules = modules
        self.nodes = [statement.node for statement in cell.body]
        self.binds = frozenset().union(*(statement.binds for statement in cell.body))
        self.reads = cell.needs - (test.remote if test else frozenset())
        self.finds: Group = frozenset()

    def is_clear(self) -> bool:
        """Whether what it does can be told from what it names."""
        if not self.is_test:
            return all(map(is_calm, self.nodes))
        return not self._idiom and all(is_tame(node, self._modules, self.binds | SELF) for node in self.nodes)

    def is_tied(self, other: _Cell) -> bool:
        mine, theirs = self.finds & (other.binds | other.finds), other.finds & self.binds
        return bool(mine or theirs)


def _imported(plan: Plan) -> frozenset[str]:
    imports = (s.node for cell in plan.cells if cell.kind == "plain" for s in cell.body if s.is_import)
    return frozenset().union(*map(imported_roots, imports))


def _joined(cells: list[_Cell]) -> list[list[_Cell]]:
    groups: list[list[_Cell]] = []
    for cell in cells:
        tied = [group for group in groups if any(cell.is_tied(other) for other in group)]
        groups = [group for group in groups if group not in tied] + [sum(tied, [cell])]
    return groups


def _named(groups: list[list[_Cell]], plan: Plan) -> list[Group]:
    named = [frozenset(cell.grade_id for cell in group if cell.is_test) for group in groups]
    return sorted((group for group in named if group), key=sorted)
