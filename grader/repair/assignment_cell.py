"""The cells of an assignment, as the repair of a notebook looks for them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from nbformat import NotebookNode

from grader.repair.celltext import is_empty, lines, names, without_regions


class Role(Enum):
    """Whose a cell of the assignment is."""

    ANSWER = "the student's to write"
    TEST = "the instructor's, and graded"
    LOCKED = "the instructor's, read-only"
    TEXT = "the instructor's, not locked"


@dataclass(frozen=True)
class AssignmentCell:
    """A cell of the assignment. `text` is what students were given, `names` what an answer must define."""

    node: NotebookNode
    grade_id: str
    role: Role
    text: str
    names: frozenset[str]
    lines: tuple[str, ...] = ()
    released: tuple[str, ...] = ()  # the lines that students got, where these are known to be others

    @property
    def kind(self) -> str:
        return self.node.cell_type

    @property
    def is_answer(self) -> bool:
        return self.role is Role.ANSWER

    @property
    def is_for_a_reader(self) -> bool:
        """Whether a human marks this answer, whatever names it defines."""
        return self.is_answer and bool(self.node.metadata.nbgrader.get("grade"))

    @property
    def called(self) -> str:
        """What a message calls this cell."""
        if not self.grade_id:
            return "A cell of the assignment"
        noun = {Role.ANSWER: "The answer", Role.TEST: "The test cell"}.get(self.role, "The cell")
        return f"{noun} {self.grade_id}"

    def is_empty(self, text: str) -> bool:
        """Whether `text` answers nothing."""
        return is_empty(text, "\n".join((self.text, *self.released)), self.kind)

    def is_unedited(self, text: str) -> bool:
        """Whether `text` is this cell as students got it, or as the instructor has it."""
        return lines(text) in self.unedited

    @property
    def unedited(self) -> set[tuple[str, ...]]:
        return {self.lines, lines(self.node.source)} | ({self.released} if self.released else set())


def assignment_cells(source: NotebookNode, released: NotebookNode | None = None) -> list[AssignmentCell]:
    """The cells of the instructor's notebook, in order; `released` is what students got of it."""
    given = {_mark(cell): lines(cell.source) for cell in released.cells if _mark(cell)} if released else {}
    return [_assignment_cell(node, given.get(_mark(node), ())) for node in source.cells]


def _mark(node: NotebookNode) -> str:
    return node.metadata.get("nbgrader", {}).get("grade_id", "") or node.get("id", "")


def _assignment_cell(node: NotebookNode, released: tuple[str, ...]) -> AssignmentCell:
    grading = node.metadata.get("nbgrader", {})
    text = without_regions(node.source)
    if grading.get("solution"):
        # without a region the whole cell is the solution, unless nbgrader has cleared it (checksum)
        whole = text == node.source and "checksum" not in grading
        wanted = names(text) or names(node.source)
        text = "" if whole else text
        return AssignmentCell(
            node, grading["grade_id"], Role.ANSWER, text, frozenset(wanted), lines(text), released
        )
    role = Role.TEST if grading.get("grade") else Role.LOCKED if grading.get("locked") else Role.TEXT
    return AssignmentCell(node, grading.get("grade_id", ""), role, text, frozenset(), lines(text), released)
