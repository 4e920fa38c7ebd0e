"""An answer that is missing: looked for among the student's own cells, then inside other answers."""

from __future__ import annotations

from dataclasses import replace

from grader.repair.answer_sheet import AnswerSheet, whole
from grader.repair.celltext import STUBS, lines
from grader.repair.claims import Matching
from grader.repair.merged_cells import Piece, share


def search(matching: Matching, sheet: AnswerSheet, key: int, gap: tuple[float, float]) -> None:
    """Look for an answer that is missing: among the student's own cells, then inside other answers."""
    target = matching.targets[key]
    pieces: list[Piece] = []
    near = [piece for piece in sheet.own if gap[0] < piece.at < gap[1]]
    if target.names:
        sole = target.names.difference(*(other.names for other in matching.targets if other is not target))
        giving = [piece for piece in sheet.own if sole & piece.names]
        closest = [piece for piece in near if target.names & piece.names]
        pieces = whole(target, closest or giving) if giving else []
    if not target.names or (target.is_for_a_reader and not pieces):
        pieces = [piece for piece in near if (piece.kind == "code") == (target.kind == "code")]
    pieces = [piece for piece in pieces if not target.is_empty(piece.text)]
    if pieces:
        _move(matching, sheet, key, pieces)
    elif target.names:
        _extract(matching, sheet, key)
    if target.is_empty(sheet.text(key)) and not matching.claims[key]:
        sheet.notes.append((key, f"The cell for the answer {target.grade_id} was missing."))


def _move(matching: Matching, sheet: AnswerSheet, key: int, pieces: list[Piece]) -> None:
    parts = [share(matching, key, piece.text) for piece in pieces]
    text = "\n\n".join(mine for mine, _ in parts)
    target, before = matching.targets[key], sheet.text(key)
    if target.kind == "markdown" and set(lines(before)) - STUBS and not target.is_unedited(before):
        text = f"{before}\n\n{text}"  # of several lines that were given these were left: a choice
    sheet.answers[key] = replace(pieces[-1], text=text)
    if not _is_read_above(matching, sheet, key):
        rests = {id(piece): rest for piece, (_, rest) in zip(pieces, parts, strict=True)}
        left = [replace(p, text=rests[id(p)]) if rests.get(id(p)) else p for p in sheet.own]
        sheet.own = [piece for piece in left if rests.get(id(piece), "x")]
    what = f"The answer {target.grade_id} was found in a cell of your own; it was put in place."
    sheet.notes.append((key, what))


def _extract(matching: Matching, sheet: AnswerSheet, key: int) -> None:
    """An answer that was merged into the cell of another one."""
    target = matching.targets[key]
    for other, answer in sheet.answers.items():
        theirs = matching.targets[other].names  # a later question may ask for the same name again
        if other != key and (target.names - theirs) & answer.names:
            mine, rest = share(matching, key, answer.text, later=other > key, but=theirs)
            if not rest:
                continue
            sheet.answers[other] = replace(answer, text=rest)
            if _is_read_above(matching, sheet, key):
                sheet.answers[other] = answer
            sheet.answers[key] = replace(answer, text=mine, at=answer.at + (0.1 if other < key else -0.1))
            what = f"The answer {target.grade_id} stood in the cell of another answer; it was put in place."
            sheet.notes.append((key, what))
            return


def _is_read_above(matching: Matching, sheet: AnswerSheet, key: int) -> bool:
    """Whether an answer above reads what this one defines: then it stays where it was found, too."""
    names = matching.targets[key].names
    return any(names & answer.words for other, answer in sheet.answers.items() if other < key)
