"""What the judge does with each cell of the instructor's notebook, found out by reading it.

Test cells run in the judge. Of the plain cells only those statements run there that a test needs, directly
or through other names; figures, prints and demonstrations do not. Of a solution cell the judge takes the
names it defines, to fetch them from the student's process, and runs only its imports.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from IPython.core.inputtransformer2 import TransformerManager

HIDDEN = re.compile(r"^\s*### (BEGIN|END) HIDDEN TESTS")
IN_PLACE = re.compile(r"^\s*# inplace\b", re.MULTILINE)
_DRAWING = re.compile(r"(matplotlib|seaborn|plotly|ipywidgets|visualize|interact|figures|progress)(\.|$)")
_SHOWING = re.compile(r"(print|display|help|show|plot|draw|visualize)(_|$)")


@dataclass(frozen=True)
class TestCell:
    """A test cell: what it is worth, which names it takes from the student, which of its lines are hidden."""

    __test__ = False

    grade_id: str
    source: str
    max_points: float
    remote: frozenset[str]
    hidden: frozenset[int]
    in_place: bool


@dataclass(frozen=True)
class Plan:
    """The judge's steps in the order of the notebook: source of plain statements, or a TestCell.

    `reference` are the same steps with the instructor's solutions, and with all that these need.
    """

    steps: tuple[str | TestCell, ...]
    reference: tuple[str | TestCell, ...]

    @property
    def tests(self) -> Mapping[str, TestCell]:
        return {step.grade_id: step for step in self.steps if isinstance(step, TestCell)}


def make_plan(nb) -> Plan:
    """Read the instructor's notebook. A cell that is no Python raises SyntaxError."""
    cells = [cell for cell in nb.cells if cell.cell_type == "code"]
    trees = [ast.parse(python(cell.source)) for cell in cells]
    kinds = ["test" if is_test(cell) else "solution" if is_solution(cell) else "plain" for cell in cells]
    wanted, wanted_by_solutions = _needed(trees, kinds), _needed(trees, kinds, also="solution")
    steps, reference, remote = [], [], set()
    for cell, tree, kind in zip(cells, trees, kinds, strict=True):
        if kind == "test":
            steps.append(_test_cell(cell, frozenset(remote)))
            reference.append(steps[-1])
            continue
        chosen = [s for s in tree.body if id(s) in wanted and (kind == "plain" or _is_import(s))]
        if kind == "solution":
            remote |= {n for s in tree.body if not _is_import(s) for n in _bound(s)}
        else:
            remote -= {n for s in chosen for n in _assigned(s)}
        if chosen:
            steps.append(ast.unparse(ast.Module(chosen, [])))
        if chosen := [s for s in tree.body if id(s) in wanted_by_solutions]:
            reference.append(ast.unparse(ast.Module(chosen, [])))
    return Plan(tuple(steps), tuple(reference))


def python(source: str) -> str:
    """The source of a cell with its magics turned into calls."""
    return TransformerManager().transform_cell(source)


def is_test(cell) -> bool:
    """Whether the cell is a test cell: graded, and not the student's to write."""
    return cell.cell_type == "code" and _marked(cell, "grade") and not is_solution(cell)


def is_solution(cell) -> bool:
    return _marked(cell, "solution")


def is_demo(cell) -> bool:
    """Whether the cell only shows something, and grading need not run it."""
    tags = cell.metadata.get("tags")
    return isinstance(tags, list) and "demo" in tags and not cell.metadata.get("nbgrader")


def _marked(cell, mark: str) -> bool:
    return cell.metadata.get("nbgrader", {}).get(mark) is True


def _test_cell(cell, remote: frozenset[str]) -> TestCell:
    settings = cell.metadata.nbgrader
    in_place = bool(IN_PLACE.search(cell.source)) or bool(cell.metadata.get("inplace"))
    hidden = frozenset(hidden_lines(cell.source))
    return TestCell(settings.grade_id, cell.source, float(settings.points), remote, hidden, in_place)


def hidden_lines(source: str) -> Iterator[int]:
    """The numbers (from 1) of the lines from BEGIN HIDDEN TESTS to END HIDDEN TESTS."""
    inside = False
    for number, line in enumerate(source.splitlines(), 1):
        mark = HIDDEN.match(line)
        inside = inside or bool(mark and mark[1] == "BEGIN")
        if inside:
            yield number
        inside = inside and not (mark and mark[1] == "END")


def _needed(trees: list[ast.Module], kinds: list[str], also: str = "") -> set[int]:
    """The ids of the statements that tests (and cells of kind `also`) need, found from the last to the first."""
    drawing = {name for tree in trees for s in tree.body for name in _drawing_names(s)}
    needed, wanted = set(), set()
    for tree, kind in zip(reversed(trees), reversed(kinds), strict=True):
        for statement in reversed(tree.body):
            if kind in ("test", also):
                wanted |= {id(statement)} if kind == also else set()
                needed |= _loaded(statement)
            elif _changes(statement, drawing) & needed and (kind == "plain" or _is_import(statement)):
                wanted.add(id(statement))
                needed |= _loaded(statement)
    return wanted


def _is_import(statement: ast.stmt) -> bool:
    return isinstance(statement, (ast.Import, ast.ImportFrom))


def _loaded(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def _assigned(statement: ast.stmt) -> set[str]:
    """Names a statement makes anew, as against changing what they hold."""
    return _bound(statement)


def _bound(statement: ast.stmt) -> set[str]:
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {statement.name}
    names = {n.id for n in _own_nodes(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    names |= {n.name for n in _own_nodes(statement) if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
    for node in _own_nodes(statement):
        if _is_import(node):
            names |= {(a.asname or a.name).split(".")[0] for a in node.names}
    return names


def _own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a statement that belong to its own scope."""
    yield node
    scopes = (
        ast.FunctionDef,
        ast.AsyncFunctionDef,
        ast.Lambda,
        ast.ClassDef,
        ast.comprehension,
        ast.ListComp,
    )
    for child in ast.iter_child_nodes(node):
        if isinstance(child, scopes):
            if isinstance(child, (ast.FunctionDef, ast.ClassDef)):
                yield child
        else:
            yield from _own_nodes(child)


def _changes(statement: ast.stmt, drawing: set[str]) -> set[str]:
    """Names that a statement binds or whose objects it may change."""
    if isinstance(statement, ast.Expr):
        return _changed_by_call(statement.value, drawing)
    names = _bound(statement)
    for node in _own_nodes(statement):
        if isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, (ast.Store, ast.Del)):
            names |= {_root(node)}
        elif isinstance(node, ast.Expr):
            names |= _changed_by_call(node.value, drawing)
    return names


def _changed_by_call(value: ast.expr, drawing: set[str]) -> set[str]:
    """`rng.shuffle(x)` may change rng and x; a call that draws or shows changes nothing of interest."""
    if not isinstance(value, ast.Call):
        return set()
    root = _root(value.func)
    called = value.func.attr if isinstance(value.func, ast.Attribute) else root
    if root in drawing or _SHOWING.match(called):
        return set()
    arguments = [*value.args, *(k.value for k in value.keywords)]
    return {root} | {_root(a) for a in arguments if isinstance(a, (ast.Name, ast.Attribute, ast.Subscript))}


def _root(node: ast.AST) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call, ast.Starred)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _drawing_names(statement: ast.stmt) -> set[str]:
    """Names bound to drawing modules, and to what `plt.subplots()` and its like return."""
    if isinstance(statement, ast.Import):
        return {(a.asname or a.name).split(".")[0] for a in statement.names if _DRAWING.search(a.name)}
    if isinstance(statement, ast.ImportFrom):
        drawn = _DRAWING.search(statement.module or "")
        return {a.asname or a.name for a in statement.names if drawn or _SHOWING.match(a.name)}
    if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call):
        return _bound(statement) if _root(statement.value.func) in ("plt", "matplotlib") else set()
    return set()
