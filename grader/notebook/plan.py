"""What is run of each cell of a notebook, and where, found out by reading the instructor's source.

Test cells run in the judge. Of the instructor's plain cells only those statements run that something needs:
in the judge what tests need, in the student's process what the student's own cells mention. Figures, prints
and demonstrations of the chapter are not drawn again for each student. Of a solution cell the judge takes
the names it defines, to fetch them from the student's process, and runs only its imports.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from grader.notebook.classes import claims, class_names
from grader.notebook.dependencies import Statement, free_names
from grader.notebook.names import called_name
from grader.notebook.names_in_tests import NO_NAMES, TestNames, imported

_MASKED = re.compile(r"(?:\A|\.)ma\Z|masked", re.IGNORECASE)
_DOTTED = re.compile(r"\w+(?:\.\w+)*\Z")
_FILE = re.compile(r"(\w+)\.py\b")


@dataclass(frozen=True)
class PlanCell:
    """A code cell of the instructor's; `kind` is plain, solution or test."""

    grade_id: str
    kind: str
    body: tuple[Statement, ...]

    @cached_property
    def needs(self) -> frozenset[str]:
        """The names it reads and does not bind before."""
        return frozenset(free_names(self.body))

    @property
    def binds(self) -> frozenset[str]:
        """The names that have a new value whenever it has run."""
        return frozenset().union(*(statement.surely_binds for statement in self.body))


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
    answers: frozenset[str] = frozenset()  # of `remote`, what the solution cells of its own question define
    idiom: str = ""  # what in it proves nothing outside of the student's process
    names: TestNames = NO_NAMES  # what is not the student's to redefine
    lenient: bool = False  # as in nbgrader, a last value that is no number earns everything


@dataclass(frozen=True)
class Plan:
    """The judge's steps in the order of the notebook: source of plain statements, or a TestCell.

    `reference` are the same steps with the instructor's solutions, and with all that these need. `plain` and
    `demos` are the statements of each such cell, by its source; `drawing` the names that stand for drawing
    modules; `classes` the names of the instructor's classes, `operators` the special methods that these
    define. With `whole` plain cells run whole in the student's process. `cells` are all that is run, in
    order.
    """

    steps: tuple[str | TestCell, ...]
    reference: tuple[str | TestCell, ...]
    plain: Mapping[str, tuple[Statement, ...]]
    demos: Mapping[str, tuple[Statement, ...]]
    drawing: frozenset[str]
    classes: frozenset[str]
    operators: frozenset[str]
    cells: tuple[PlanCell, ...]
    whole: bool

    @property
    def tests(self) -> Mapping[str, TestCell]:
        return {step.grade_id: step for step in self.steps if isinstance(step, TestCell)}

    @cached_property
    def all_classes(self) -> frozenset[str]:
        """The names of all classes, those of test cells, too."""
        return class_names(statement.node for cell in self.cells for statement in cell.body)

    @cached_property
    def claims(self) -> frozenset[str]:
        """The methods by which an object of a student's would say itself what it is equal to."""
        return claims(s.node for cell in self.cells if cell.kind != "test" for s in cell.body)

    @cached_property
    def modules(self) -> frozenset[str]:
        """The names, without packages, of all modules that a cell imports or names as a file."""
        files = {found for text in self._texts for found in _FILE.findall(text)}
        return frozenset(
            files | {module.partition(".")[0] for _name, (module, _what) in imported(self._nodes)}
        )

    @cached_property
    def words(self) -> frozenset[str]:
        """The names, attributes and imports that the cells mention."""
        parts = (getattr(n, part, None) for n in self._nodes for part in ("attr", "id", "name", "module"))
        return frozenset(word for word in parts if isinstance(word, str))

    @cached_property
    def replaced(self) -> frozenset[str]:
        """The attributes that the cells give a value to or may name in a text, as in `patch("math.sqrt")`."""
        stored = {
            n.attr for n in self._nodes if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)
        }
        return frozenset(stored | {text.rpartition(".")[2] for text in self._texts if _DOTTED.match(text)})

    @cached_property
    def masks(self) -> bool:
        """Whether a cell speaks of arrays with masked entries."""
        return any(map(_MASKED.search, self.words))

    @cached_property
    def seeds(self) -> bool:
        """Whether a cell seeds a global generator, in a course without chapters."""
        calls = (node.func for node in self._nodes if isinstance(node, ast.Call))
        return self.whole and "seed" in map(called_name, calls)

    @cached_property
    def _nodes(self) -> list[ast.AST]:
        return [node for cell in self.cells for s in cell.body for node in ast.walk(s.node)]

    @cached_property
    def _texts(self) -> list[str]:
        return [n.value for n in self._nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]

    def read_ahead(self) -> None:
        """Read every cell and statement now, so that no process forked from this one does it again."""
        _ = self.all_classes, self.modules, self.words, self.masks, self.replaced, self.seeds, self.claims
        for cell in self.cells:
            _ = cell.needs
        for body in (*self.plain.values(), *self.demos.values()):
            for statement in body:
                _ = statement.needs, statement.changes, statement.surely_binds
