"""Both sides of a git conflict that runs through a whole notebook."""

from __future__ import annotations

from grader.repair.submitted_cell import SubmittedCell

MAX_MERGED = 500  # cells of each side of a git conflict that are compared


def both(ours: list[SubmittedCell], theirs: list[SubmittedCell]) -> list[SubmittedCell]:
    """Both sides of a conflict: a cell that only theirs has, or has otherwise, stands before ours."""
    merged, at = ours[:MAX_MERGED], 0
    marks = [_mark(cell) for cell in merged]
    for cell, mark in ((cell, _mark(cell)) for cell in theirs[:MAX_MERGED]):
        same = [i for i, own in enumerate(marks) if _same(own, mark)]
        at = same[0] if same else at
        if mark not in marks:
            merged.insert(at, cell)
            marks.insert(at, mark)
        at += 1
    return merged + ours[MAX_MERGED:]


def _mark(cell: SubmittedCell) -> tuple:
    """What of a cell is compared: of its texts only their hashes, for texts may be long and nearly alike."""
    return cell.grade_id, cell.cell_id, hash(cell.source), cell.kind, hash(str(cell.attachments))


def _same(one: tuple, other: tuple) -> bool:
    if one[0] or other[0]:
        return one[0] == other[0]
    return one[2] == other[2] or bool(one[1] and one[1] == other[1])
