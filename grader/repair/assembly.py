"""The notebook that was meant, put together: the instructor's cells, the answers, the student's own cells."""

from __future__ import annotations

import copy
import re
from typing import Any

from nbformat import NotebookNode, from_dict

from grader.repair.answer_sheet import AnswerSheet
from grader.repair.assignment_cell import AssignmentCell
from grader.repair.celltext import lines
from grader.repair.claims import Matching
from grader.repair.merged_cells import Piece
from grader.repair.order import in_order


def assemble(source: NotebookNode, matching: Matching, sheet: AnswerSheet) -> NotebookNode:
    after = _anchored(matching, sheet)
    cells = [_own_cell(piece) for piece in after.get(-1, ())]
    for key, target in enumerate(matching.targets):
        cells.append(_placed(target, sheet.answers.get(key)))
        cells += [_own_cell(piece) for piece in after.get(key, ())]
    _number(cells)
    metadata = copy.deepcopy(source.metadata)
    return NotebookNode(nbformat=4, nbformat_minor=5, metadata=metadata, cells=cells)


def _anchored(matching: Matching, sheet: AnswerSheet) -> dict[int, list[Piece]]:
    """The student's own pieces by the target (-1: the beginning) after which they stand."""
    stood: dict[Any, int] = {
        claims[0]: key for key, claims in enumerate(matching.claims) if claims and key not in sheet.answers
    }
    stood |= {piece.at: key for key, piece in sheet.answers.items()}
    positions: dict[int, Any] = {key: at for at, key in stood.items()}
    kept = sorted(in_order([positions[key] for key in sorted(positions)]))
    after: dict[int, list[Piece]] = {}
    for piece in sorted(sheet.own, key=lambda piece: piece.at):
        if lines(piece.text):
            after.setdefault(_anchor(piece, kept, stood, sheet), []).append(piece)
    return after


def _anchor(piece: Piece, kept: list[Any], stood: dict[Any, int], sheet: AnswerSheet) -> int:
    """After the last cell above it that was not moved; before a moved answer that needs it."""
    follower = min((at for at in stood if at > piece.at), default=None)
    if follower is not None and follower not in kept and stood[follower] in sheet.answers:
        answer = sheet.answers[stood[follower]]
        if not piece.names.isdisjoint(answer.words):
            return stood[follower] - 1
    return (
        stood[max((at for at in kept if at < piece.at), default=None)] if kept and kept[0] < piece.at else -1
    )


def _placed(target: AssignmentCell, answer: Piece | None) -> NotebookNode:
    cell = NotebookNode(target.node)
    cell.metadata = copy.deepcopy(target.node.metadata)
    if target.is_answer:
        cell.pop("attachments", None)
        cell.source = answer.text if answer else ""
        if answer and answer.attachments and cell.cell_type == "markdown":
            cell.attachments = from_dict(answer.attachments)
    return _clean(cell)


def _own_cell(piece: Piece) -> NotebookNode:
    cell = NotebookNode(cell_type=piece.kind, metadata=NotebookNode(), source=piece.text)
    if piece.attachments and piece.kind == "markdown":
        cell.attachments = from_dict(piece.attachments)
    return _clean(cell)


def _clean(cell: NotebookNode) -> NotebookNode:
    """No outputs: those in the file are old, or somebody's invention."""
    cell.pop("outputs", None)
    cell.pop("execution_count", None)
    if cell.cell_type == "code":
        cell.outputs, cell.execution_count = [], None
    return cell


def _number(cells: list[NotebookNode]) -> None:
    """Give every cell an id that is allowed, unique, and the same at every run."""
    taken = {cell.id for cell in cells if "id" in cell}
    for number, cell in enumerate(cells):
        if "id" not in cell:
            grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
            name = re.sub(r"[^A-Za-z0-9_-]", "-", grade_id)[:50] or f"own-{number}"
            while name in taken:
                name += f"-{number}"
            taken.add(name)
            cell.id = name
