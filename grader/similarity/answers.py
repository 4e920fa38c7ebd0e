"""The answers of a class as they were graded, and what the course itself knows of each question."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from nbformat import NotebookNode

from grader.answer_key import AnswerKey
from grader.course.directory import Course
from grader.notebook.cells import find_cell, is_solution
from grader.similarity.tokens import Token, code_tokens, word_tokens
from grader.similarity.winnowing import fingerprints


@dataclass(frozen=True)
class Answer:
    """What one student wrote for one question, with own cells that stand behind it."""

    student: str
    question: str  # NOTEBOOK/grade_id
    source: str = field(repr=False)
    is_code: bool = True

    @cached_property
    def prints(self) -> Mapping[int, tuple[int, int]]:
        """hash -> its characters in `source`."""
        return fingerprints(_tokens(self.source, self.is_code))


def read_answers(course: Course, key: AnswerKey, students: list[str]) -> Iterator[Answer]:
    """The answers of these students in autograded/; those without any are left out."""
    for student in students:
        folder = course.folder("autograded", student, key.assignment)
        for name, nb in key.unsolved.items():
            yield from _answers(student, name, nb, _cells(folder / f"{name}.ipynb"))


def known_prints(key: AnswerKey) -> dict[str, set[int]]:
    """question -> hashes of the released text, the reference and the known-wrong answers."""
    known: dict[str, set[int]] = {}
    for name, nb in key.notebooks.items():
        for cell in filter(is_solution, nb.cells):
            grade_id = cell.metadata.nbgrader.grade_id
            texts = [cell.source, *_released(key, name, grade_id)]
            texts += [mistake.source for mistake in key.mistakes.get(f"test_{grade_id}", ())]
            texts += [other.source for other in nb.cells if other.cell_type == cell.cell_type]
            is_code = cell.cell_type == "code"
            prints = [fingerprints(_tokens(text, is_code)) for text in texts]
            known[f"{name}/{grade_id}"] = {one for found in prints for one in found}
    return known


def _released(key: AnswerKey, name: str, grade_id: str) -> list[str]:
    cells = [find_cell(nb, grade_id) for nb in (key.released.get(name), key.unsolved[name]) if nb is not None]
    return [cell.source for cell in cells if cell is not None]


def _tokens(source: str, is_code: bool) -> list[Token]:
    return code_tokens(source) if is_code else word_tokens(source)


def _cells(path: Path) -> list[dict]:
    try:
        return list(json.loads(path.read_bytes())["cells"])
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _answers(student: str, name: str, nb: NotebookNode, cells: list[dict]) -> Iterator[Answer]:
    asked = {cell.metadata.nbgrader.grade_id: cell for cell in filter(is_solution, nb.cells)}
    given = {cell.source for cell in nb.cells}
    sources: dict[str, list[str]] = {}
    current = ""
    for cell in cells:
        grade_id = cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", "")
        current = grade_id if grade_id in asked else current
        source = "".join(cell.get("source", ""))
        own = not grade_id and cell.get("cell_type") == "code" and source not in given
        if (grade_id in asked or own) and current:
            sources.setdefault(current, []).append(source)
    for grade_id, parts in sources.items():
        source = "\n".join(parts)
        if source.strip() != asked[grade_id].source.strip():
            yield Answer(student, f"{name}/{grade_id}", source, asked[grade_id].cell_type == "code")
