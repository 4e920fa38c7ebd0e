"""The answers as they are decided one by one, and what stays the student's own."""

from __future__ import annotations

from dataclasses import dataclass

from grader.repair.assignment_cell import AssignmentCell
from grader.repair.merged_cells import Piece


@dataclass
class AnswerSheet:
    """The answers by position of the cell that asks, the student's `own` pieces, and what was put right."""

    answers: dict[int, Piece]
    own: list[Piece]
    notes: list[tuple[int, str]]

    def text(self, key: int) -> str:
        """The answer decided for the cell at this position, "" without one."""
        return self.answers[key].text if key in self.answers else ""


def whole(target: AssignmentCell, pieces: list[Piece]) -> list[Piece]:
    """The last piece, with those before it that define names of the answer which it does not."""
    chosen, missing = list[Piece](), set(target.names)
    for piece in reversed(pieces):
        gives = missing & piece.names
        if not chosen or gives:
            chosen.insert(0, piece)
            missing -= gives
    return chosen
