"""Which text of a student answers which question, and what stays the student's own.

The student's work is never dropped: what is no answer becomes a cell of the student's own, where it was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from grader.repair.asked import Asked
from grader.repair.celltext import added, starts_inside
from grader.repair.found import Found
from grader.repair.matching import Matching, gaps
from grader.repair.merged_cells import Piece, share, take_apart


@dataclass
class Settled:
    """`answers` by position of the asked cell, the student's `own` pieces, and what was put right."""

    answers: dict[int, Piece]
    own: list[Piece]
    told: list[tuple[int, str]]


def settle(matching: Matching) -> Settled:
    """Decide every answer; needs no look at what the text would do."""
    settled = Settled({}, [_piece(matching.found[at], at) for at in matching.own], [])
    for key, asked in enumerate(matching.asked):
        if not asked.is_answer:
            _restore(matching, settled, key)
    around = gaps(matching)
    for key, asked in enumerate(matching.asked):
        if asked.is_answer:
            _choose(matching, settled, key, around[key])
    for key, asked in enumerate(matching.asked):
        if asked.is_answer and asked.is_empty(_text(settled, key)):
            _search(matching, settled, key, around[key])
    return settled


def _piece(cell: Found, at: float) -> Piece:
    return Piece(at, cell.kind, cell.source, cell.attachments)


def _text(settled: Settled, key: int) -> str:
    return settled.answers[key].text if key in settled.answers else ""


def _restore(matching: Matching, settled: Settled, key: int) -> None:
    """An instructor's cell: keep what the student added to it, tell what was wrong with it."""
    asked = matching.asked[key]
    what = asked.called
    if not matching.claims[key]:
        if asked.lines:
            settled.told.append((key, f"{what} was missing; it was put back."))
        return
    at = matching.claims[key][0]
    cell = matching.found[at]
    if asked.is_unedited(cell.source):
        return
    kept = _kept(matching, settled, key, _piece(cell, at))
    more = "; what you added stands in a cell of its own" if kept else ""
    settled.told.append((key, f"{what} had been edited; it was put back{more}."))
    settled.own += kept


def _kept(matching: Matching, settled: Settled, key: int, cell: Piece) -> list[Piece]:
    """What of an edited cell of the instructor is the student's."""
    asked = matching.asked[key]
    around = added(cell.text, asked.text)
    if around is None:
        wanted = _open_names(matching) & cell.names
        return [replace(cell, at=cell.at + 0.25)] if asked.role == "text" or wanted else []
    sides = replace(cell, at=cell.at - 0.25, text=around[0]), replace(cell, at=cell.at + 0.25, text=around[1])
    pieces = [piece for side in sides for piece in take_apart(matching, side)]
    return [piece for piece in pieces if not starts_inside(piece.text)]


def _open_names(matching: Matching) -> set[str]:
    asked = zip(matching.asked, matching.claims, strict=True)
    return {name for question, claims in asked if not claims for name in question.names}


def _choose(matching: Matching, settled: Settled, key: int, gap: tuple[float, float]) -> None:
    """Of several cells for one answer the last one in place that is not empty."""
    asked = matching.asked[key]
    pieces = [_alone(matching, settled, asked, _piece(matching.found[at], at)) for at in matching.claims[key]]
    full = [piece for piece in pieces if not asked.is_empty(piece.text)]
    if not full:
        if pieces:
            settled.answers[key] = pieces[-1]
        return
    in_place = [piece for piece in full if gap[0] < piece.at < gap[1]]
    chosen = _whole(asked, in_place or full)
    others = [piece for piece in full if piece not in chosen and piece.text != chosen[-1].text]
    settled.answers[key] = replace(chosen[-1], text="\n\n".join(piece.text for piece in chosen))
    settled.own += others
    if others:
        what = f"There were {len(others) + 1} different cells for the answer {asked.grade_id}"
        settled.told.append((key, f"{what}; the last one counts, please have a look."))
    elif len(pieces) > 1:
        settled.told.append((key, f"The answer {asked.grade_id} stood in {len(pieces)} cells; one was kept."))


def _alone(matching: Matching, settled: Settled, asked: Asked, cell: Piece) -> Piece:
    """The answer in a cell; other cells that were merged into it become the student's own for now."""
    pieces = take_apart(matching, cell) or [cell]
    answering = [piece for piece in pieces if asked.names & piece.names] or pieces
    settled.own += [piece for piece in pieces if piece is not answering[0]]
    return answering[0]


def _whole(asked: Asked, pieces: list[Piece]) -> list[Piece]:
    """The last piece, with those before it that define names of the answer which it does not."""
    chosen, missing = list[Piece](), set(asked.names)
    for piece in reversed(pieces):
        gives = missing & piece.names
        if not chosen or gives:
            chosen.insert(0, piece)
            missing -= gives
    return chosen


def _search(matching: Matching, settled: Settled, key: int, gap: tuple[float, float]) -> None:
    """Look for an answer that is missing: among the student's own cells, then inside other answers."""
    asked = matching.asked[key]
    near = [piece for piece in settled.own if gap[0] < piece.at < gap[1]]
    if asked.names:
        sole = asked.names.difference(*(other.names for other in matching.asked if other is not asked))
        giving = [piece for piece in settled.own if sole & piece.names]
        closest = [piece for piece in near if asked.names & piece.names]
        pieces = _whole(asked, closest or giving) if giving else []
    else:
        pieces = [piece for piece in near if (piece.kind == "code") == (asked.kind == "code")]
    pieces = [piece for piece in pieces if not asked.is_empty(piece.text)]
    if pieces:
        _move(matching, settled, key, pieces)
    elif asked.names:
        _extract(matching, settled, key)
    if asked.is_empty(_text(settled, key)) and not matching.claims[key]:
        settled.told.append((key, f"The cell for the answer {asked.grade_id} was missing."))


def _move(matching: Matching, settled: Settled, key: int, pieces: list[Piece]) -> None:
    parts = [share(matching, key, piece.text) for piece in pieces]
    text = "\n\n".join(mine for mine, _ in parts)
    settled.answers[key] = replace(pieces[-1], text=text)
    rests = {id(piece): rest for piece, (_, rest) in zip(pieces, parts, strict=True)}
    left = [replace(p, text=rests[id(p)]) if rests.get(id(p)) else p for p in settled.own]
    settled.own = [piece for piece in left if rests.get(id(piece), "x")]
    told = f"The answer {matching.asked[key].grade_id} was found in a cell of your own; it was put in place."
    settled.told.append((key, told))


def _extract(matching: Matching, settled: Settled, key: int) -> None:
    """An answer that was merged into the cell of another one."""
    asked = matching.asked[key]
    for other, answer in settled.answers.items():
        theirs = matching.asked[other].names  # a later question may ask for the same name again
        if other != key and (asked.names - theirs) & answer.names:
            mine, rest = share(matching, key, answer.text, later=other > key, but=theirs)
            if not rest:
                continue
            settled.answers[other] = replace(answer, text=rest)
            settled.answers[key] = replace(answer, text=mine, at=answer.at + (0.1 if other < key else -0.1))
            told = f"The answer {asked.grade_id} stood in the cell of another answer; it was put in place."
            settled.told.append((key, told))
            return
