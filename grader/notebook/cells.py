"""The cells of a notebook: which kind each one is, which of its lines are hidden, which one bears a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode  # which costs a process that only judges more than all the rest

HIDDEN = re.compile(r"(BEGIN|END) HIDDEN TESTS")  # anywhere in a line, as for nbgrader


def is_test(cell: NotebookNode) -> bool:
    """Whether the cell is a test cell: graded, and not the student's to write."""
    return cell.cell_type == "code" and _marked(cell, "grade") and not is_solution(cell)


def is_demo(cell: NotebookNode) -> bool:
    """Whether the cell only shows something, so that grading runs no more of it than answers need."""
    tags = cell.metadata.get("tags")
    return isinstance(tags, list) and "demo" in tags and not cell.metadata.get("nbgrader")


def is_solution(cell: NotebookNode) -> bool:
    return _marked(cell, "solution")


def kind_of(cell: NotebookNode) -> str:
    """The kind of a code cell: test, solution, demo or plain."""
    return (
        "test" if is_test(cell) else "solution" if is_solution(cell) else "demo" if is_demo(cell) else "plain"
    )


def hidden_lines(source: str) -> Iterator[int]:
    """The numbers (from 1) of the lines from BEGIN HIDDEN TESTS to END HIDDEN TESTS."""
    inside = False
    for number, line in enumerate(source.split("\n") if HIDDEN.search(source) else (), 1):
        mark = HIDDEN.search(line)
        inside = inside or bool(mark and mark[1] == "BEGIN")
        if inside:
            yield number
        inside = inside and not (mark and mark[1] == "END")


def visible_source(source: str) -> str:
    """The source without its hidden tests."""
    hidden = set(hidden_lines(source))
    return "\n".join(line for number, line in enumerate(source.split("\n"), 1) if number not in hidden)


def unanswered(cell: NotebookNode, answered: NotebookNode) -> bool:
    """Whether the answer to `cell` (of AnswerKey.unsolved) is empty or stands as it was released."""
    answer = find_cell(answered, cell.metadata.nbgrader.grade_id)
    return answer is None or answer.source.strip() in ("", cell.source.strip())


def find_cell(nb: NotebookNode, grade_id: str) -> NotebookNode | None:
    """The cell that carries `grade_id`, if any."""
    cells = ((cell, cell["metadata"].get("nbgrader", {})) for cell in nb["cells"])
    return next((cell for cell, grading in cells if grading.get("grade_id") == grade_id), None)


def get_cell(nb: NotebookNode, grade_id: str) -> NotebookNode:
    """The cell that carries `grade_id`. Raises KeyError where there is none."""
    cell = find_cell(nb, grade_id)
    if cell is None:
        raise KeyError(grade_id)
    return cell


def _marked(cell: NotebookNode, mark: str) -> bool:
    return cell.metadata.get("nbgrader", {}).get(mark) is True


def python(source: str) -> str:
    """The source of a cell with its magics turned into calls."""
    from IPython.core.inputtransformer2 import TransformerManager  # loads all of IPython

    return TransformerManager().transform_cell(source)


def grade_id_of(cell: NotebookNode) -> str:
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")
