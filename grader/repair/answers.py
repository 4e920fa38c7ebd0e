"""Which text of a student answers which question, and what stays the student's own.

The student's work is never dropped: what is no answer becomes a cell of the student's own, where it was.
"""

from __future__ import annotations

from dataclasses import replace

from grader.repair.answer_sheet import AnswerSheet, whole
from grader.repair.assignment_cell import AssignmentCell, Role
from grader.repair.celltext import added
from grader.repair.claims import Matching
from grader.repair.merged_cells import Piece, take_apart
from grader.repair.missing_answers import search
from grader.repair.statements import starts_inside
from grader.repair.stray_prose import without_prose
from grader.repair.submitted_cell import SubmittedCell


def fill_sheet(matching: Matching) -> AnswerSheet:
    """Decide every answer; needs no look at what the text would do."""
    sheet = AnswerSheet({}, [_piece(matching.submitted[at], at) for at in matching.own], [])
    for key, target in enumerate(matching.targets):
        if not target.is_answer:
            _restore(matching, sheet, key)
    around = matching.gaps()
    for key, target in enumerate(matching.targets):
        if target.is_answer:
            _choose(matching, sheet, key, around[key])
    for key, target in enumerate(matching.targets):
        if target.is_answer and target.is_empty(sheet.text(key)):
            search(matching, sheet, key, around[key])
    for key in sheet.answers:
        _leave_out_prose(matching, sheet, key)
    return sheet


def _piece(cell: SubmittedCell, at: float) -> Piece:
    return Piece(at, cell.kind, cell.source, cell.attachments)


def _restore(matching: Matching, sheet: AnswerSheet, key: int) -> None:
    """An instructor's cell: keep what the student added to it, tell what was wrong with it."""
    target = matching.targets[key]
    what = target.called
    if not matching.claims[key]:
        if target.lines:
            sheet.notes.append((key, f"{what} was missing; it was put back."))
        return
    at = matching.claims[key][0]
    cell = matching.submitted[at]
    if target.is_unedited(cell.source):
        return
    kept = _kept(matching, sheet, key, _piece(cell, at))
    more = "; what you added stands in a cell of its own" if kept else ""
    sheet.notes.append((key, f"{what} had been edited; it was put back{more}."))
    sheet.own += kept


def _kept(matching: Matching, sheet: AnswerSheet, key: int, cell: Piece) -> list[Piece]:
    """What of an edited cell of the instructor is the student's."""
    target = matching.targets[key]
    around = added(cell.text, target.text)
    if around is None:
        wanted = _open_names(matching) & cell.names
        return [replace(cell, at=cell.at + 0.25)] if target.role is Role.TEXT or wanted else []
    sides = replace(cell, at=cell.at - 0.25, text=around[0]), replace(cell, at=cell.at + 0.25, text=around[1])
    pieces = [piece for side in sides for piece in take_apart(matching, side)]
    return [piece for piece in pieces if not starts_inside(piece.text)]


def _open_names(matching: Matching) -> set[str]:
    cells = zip(matching.targets, matching.claims, strict=True)
    return {name for cell, claims in cells if not claims for name in cell.names}


def _choose(matching: Matching, sheet: AnswerSheet, key: int, gap: tuple[float, float]) -> None:
    """Of several cells for one answer the last one in place that is not empty."""
    target = matching.targets[key]
    pieces = [
        _alone(matching, sheet, target, _piece(matching.submitted[at], at)) for at in matching.claims[key]
    ]
    full = [piece for piece in pieces if not target.is_empty(piece.text)]
    if not full:
        if pieces:
            sheet.answers[key] = pieces[-1]
        return
    in_place = [piece for piece in full if gap[0] < piece.at < gap[1]]
    chosen = whole(target, in_place or full)
    others = [piece for piece in full if piece not in chosen and piece.text != chosen[-1].text]
    sheet.answers[key] = replace(chosen[-1], text="\n\n".join(piece.text for piece in chosen))
    sheet.own += others
    if others:
        what = f"There were {len(others) + 1} different cells for the answer {target.grade_id}"
        sheet.notes.append((key, f"{what}; the last one counts, please have a look."))
    elif len(pieces) > 1:
        sheet.notes.append((key, f"The answer {target.grade_id} stood in {len(pieces)} cells; one was kept."))


def _leave_out_prose(matching: Matching, sheet: AnswerSheet, key: int) -> None:
    """Lines of the question are no part of an answer in code."""
    answer = sheet.answers[key]
    text = without_prose(matching.targets, key, answer.text)
    if text != answer.text:
        sheet.answers[key] = replace(answer, text=text)
        what = f"Lines of the question stood in the answer {matching.targets[key].grade_id}"
        sheet.notes.append((key, f"{what}; they were left out."))


def _alone(matching: Matching, sheet: AnswerSheet, target: AssignmentCell, cell: Piece) -> Piece:
    """The answer in a cell; other cells that were merged into it become the student's own for now."""
    pieces = take_apart(matching, cell, target.kind) or [cell]
    answering = [piece for piece in pieces if target.names & piece.names] or pieces
    sheet.own += [piece for piece in pieces if piece is not answering[0]]
    return answering[0]
