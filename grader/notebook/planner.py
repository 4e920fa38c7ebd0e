"""An instructor's notebook, read: the plan of what is run of each cell, and where."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from grader.notebook.bindings import ANY
from grader.notebook.cells import grade_id_of, hidden_lines, kind_of, python
from grader.notebook.classes import class_names, special_methods
from grader.notebook.dependencies import Statement, free_names, statements, wanted
from grader.notebook.idioms import idiom
from grader.notebook.names_in_tests import NamesOfTests, TestNames
from grader.notebook.plan import Plan, PlanCell, TestCell

if TYPE_CHECKING:
    from nbformat import NotebookNode  # which costs a process that only judges more than all the rest


def make_plan(nb: NotebookNode, *, whole: bool = False) -> Plan:
    """Read the instructor's notebook. A cell that is no Python raises SyntaxError with its grade_id; with
    `whole` it is left to the student's process, which runs such cells as any kernel does."""
    code = [cell for cell in nb.cells if cell.cell_type == "code"]
    demos = {cell.source: _parsed(cell, True) for cell in code if not whole and kind_of(cell) == "demo"}
    cells = [cell for cell in code if whole or kind_of(cell) != "demo"]
    parsed = [_parsed(cell, whole) for cell in cells]
    kinds = ["plain" if kind_of(cell) == "demo" else kind_of(cell) for cell in cells]
    drawing = frozenset(name for body in parsed for s in body for name in s.draws)
    names = NamesOfTests([cell.source for cell in cells], kinds, parsed)
    steps = _Steps(parsed, kinds, names, whole)
    for_tests = _chosen(parsed, kinds, drawing)
    for_solutions = _chosen(parsed, kinds, drawing, whole=("solution",))
    for each in zip(cells, kinds, parsed, for_tests, for_solutions, strict=True):
        steps.add(*each)
    read = zip(cells, parsed, kinds, strict=True)
    plain = {cell.source: body for cell, body, kind in read if kind == "plain"}
    taken = tuple(map(PlanCell, map(grade_id_of, cells), kinds, parsed))
    own = [s.node for cell in taken if cell.kind != "test" for s in cell.body]
    told = drawing, class_names(own), special_methods(own)
    return Plan(tuple(steps.steps), tuple(steps.reference), plain, demos, *told, taken, whole)


def _parsed(cell: NotebookNode, whole: bool) -> tuple[Statement, ...]:
    try:
        return statements(ast.parse(python(cell.source)))
    except (SyntaxError, ValueError) as error:
        if whole:
            return ()
        line = getattr(error, "lineno", 0)
        raise SyntaxError(f"{grade_id_of(cell) or 'a plain cell'}, line {line}: {error}") from error


def _chosen(
    parsed: list[tuple[Statement, ...]], kinds: list[str], drawing: Iterable[str], whole: tuple[str, ...] = ()
) -> list[list[Statement]]:
    """Of each cell the statements that the tests need, and those that cells of the kinds in `whole` need."""
    needed, chosen = set(), []
    for body, kind in zip(reversed(parsed), reversed(kinds), strict=True):
        if kind == "test" or kind in whole:
            needed |= free_names(body)
            chosen.append(list(body))
        else:
            usable = body if kind == "plain" else [s for s in body if s.is_import]
            chosen.append(choose_backwards(usable, needed, drawing))
    return chosen[::-1]


def choose_backwards(body: Iterable[Statement], needed: set[str], drawing: Iterable[str]) -> list[Statement]:
    """The statements of one cell that are needed, in order; `needed` grows by what these need."""
    chosen = []
    for statement in reversed(tuple(body)):
        if wanted(statement, needed, drawing):
            chosen.append(statement)
            needed -= statement.surely_binds
            needed |= statement.needs
    return chosen[::-1]


def source_of(chosen: Iterable[Statement]) -> str:
    return ast.unparse(ast.Module([statement.node for statement in chosen], []))


IN_PLACE = re.compile(r"^\s*# inplace\b", re.MULTILINE)


class _Steps:
    """The judge's steps, made cell by cell; what the cells so far leave in the student's process is known."""

    def __init__(
        self, parsed: list[tuple[Statement, ...]], kinds: list[str], names: NamesOfTests, whole: bool
    ):
        self._names, self._whole = names, whole
        self._imported = {name for body in parsed for s in body if s.is_import for name in s.binds}
        self._given = _data(zip(kinds, parsed, strict=True))
        self._remote, self._answers = set[str](), set[str]()
        self.steps: list[str | TestCell] = []
        self.reference: list[str | TestCell] = []

    def add(
        self, cell: Any, kind: str, body: Sequence[Statement], mine: list[Statement], all_: list[Statement]
    ) -> None:
        """mine: what of this cell the tests need; all_: what the instructor's solutions need, too."""
        if kind == "test":
            self._test(cell, body)
            return
        if kind == "solution":
            self._answer(body)
        else:
            self._remote -= {name for s in mine for name in s.binds}
        self.steps += [source_of(mine)] if mine else []
        self.reference += [source_of(all_)] if all_ else []

    def _test(self, cell: Any, body: Sequence[Statement]) -> None:
        given = self._given - self._remote
        unproven = idiom(cell.source, body, given, self._imported) if self._whole else ""
        answers = frozenset(self._answers & self._remote)
        names = self._names.of(body)
        step = _test_cell(cell, frozenset(self._remote), answers, unproven, names, lenient=self._whole)
        self.steps.append(step)
        self.reference.append(step)

    def _answer(self, body: Sequence[Statement]) -> None:
        bound = {name for s in body if not s.is_import for name in s.binds} - {ANY}
        bound |= _reached(body) - self._imported - {ANY} if self._whole else set()
        last = self.steps and isinstance(self.steps[-1], TestCell)
        self._answers = bound if last else self._answers | bound
        self._remote |= bound


def _data(cells: Iterable[tuple[str, tuple[Statement, ...]]]) -> set[str]:
    """The names to which plain cells, and no others, give a value."""
    bound = {kind: set[str]() for kind in ("plain", "solution", "test")}
    for kind, body in cells:
        bound[kind] |= {name for s in body if isinstance(s.node, ast.Assign) for name in s.binds}
    return bound["plain"] - bound["solution"]


def _reached(body: Iterable[Statement]) -> set[str]:
    """The names that a solution cell may change without binding them, in its functions too."""
    nodes = [node for statement in body for node in ast.walk(statement.node)]
    shared = {name for node in nodes if isinstance(node, ast.Global) for name in node.names}
    return shared.union(*(statement.changes for statement in body if not statement.is_import))


def _test_cell(
    cell: NotebookNode,
    remote: frozenset[str],
    answers: frozenset[str],
    unproven: str,
    names: TestNames,
    *,
    lenient: bool,
) -> TestCell:
    settings = cell.metadata.nbgrader
    in_place = bool(IN_PLACE.search(cell.source)) or bool(cell.metadata.get("inplace"))
    hidden = frozenset(hidden_lines(cell.source))
    points = float(settings.points)
    return TestCell(
        settings.grade_id, cell.source, points, remote, hidden, in_place, answers, unproven, names, lenient
    )
