"""Which cell of a student's notebook is which cell of the assignment.

By grade_id, then by cell id, then by likeness of the text. What is left over is the student's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from grader.repair.asked import Asked
from grader.repair.celltext import likeness, lines, names, words
from grader.repair.found import Found
from grader.repair.order import in_order

ALIKE = 0.6  # likeness from which two texts are one cell, edited
FOREIGN = 0.3  # likeness below which a cell with an instructor's id holds something else
MAX_COMPARED = 600  # student cells compared by likeness


@dataclass
class Matching:
    """Positions of student cells: for each asked cell those that claim to be it; the rest are `own`."""

    claims: list[list[int]]
    own: list[int]
    found: list[Found]
    asked: list[Asked]
    defined: list[frozenset[str]]  # the names that each student cell defines


def match(found: list[Found], asked: list[Asked]) -> Matching:
    """Match every student cell to at most one asked cell."""
    matching = Matching([[] for _ in asked], [], found, asked, [names(cell.source) for cell in found])
    left = _by_text(matching, range(len(found)))
    left = _by_grade_id(matching, left)
    left = _by_cell_id(matching, left)
    left = _by_likeness(matching, left)
    left = _by_names(matching, left)
    matching.own = left
    return matching


def _by_text(matching: Matching, left: Iterable[int]) -> list[int]:
    """Unedited cells of the instructor, whatever id they carry; the second of two stays the student's."""
    unedited: dict[tuple[str, ...], list[int]] = {}
    for key, asked in enumerate(matching.asked):
        for text in asked.unedited if not asked.is_answer else ():
            unedited.setdefault(text, []).append(key)

    def claim(at: int) -> int | None:
        said = lines(matching.found[at].source)
        keys = [key for key in unedited.get(said, ()) if said and not matching.claims[key]]
        named = [key for key in keys if matching.asked[key].grade_id == matching.found[at].grade_id]
        return next(iter(named or keys), None)

    return _claim(matching, left, claim)


def _by_grade_id(matching: Matching, left: Iterable[int]) -> list[int]:
    keys = {asked.grade_id: key for key, asked in enumerate(matching.asked) if asked.grade_id}

    def claim(at: int) -> int | None:
        cell = matching.found[at]
        key = keys.get(cell.grade_id)
        if key is None:
            return None
        asked = matching.asked[key]
        if asked.is_answer:
            return _answered(matching, at, key)
        foreign = likeness(words(cell.source), words(asked.text)) < FOREIGN and cell.source.strip()
        return None if foreign or matching.claims[key] else key

    return _claim(matching, left, claim)


def _answered(matching: Matching, at: int, key: int) -> int:
    """`key`, unless the cell defines nothing of that answer, and what one other answer needs."""
    asked, defined = matching.asked[key], matching.defined[at]
    if not asked.names or asked.names & defined:
        return key
    others = [k for k, other in enumerate(matching.asked) if other.names & defined]
    return others[0] if len(others) == 1 else key


def _by_cell_id(matching: Matching, left: Iterable[int]) -> list[int]:
    keys = {asked.node.get("id"): key for key, asked in enumerate(matching.asked) if asked.node.get("id")}

    def claim(at: int) -> int | None:
        cell = matching.found[at]
        key = keys.get(cell.cell_id)
        if key is None or matching.claims[key]:
            return None
        asked = matching.asked[key]
        if asked.is_answer:
            return _answered(matching, at, key)
        return key if likeness(words(cell.source), words(asked.text)) >= FOREIGN else None

    return _claim(matching, left, claim)


def _by_likeness(matching: Matching, left: list[int]) -> list[int]:
    """The best pairs first; only cells of the instructor and stubs without a name of their own."""
    bags = {at: words(matching.found[at].source) for at in left[:MAX_COMPARED]}
    pairs = [
        (score, -at, key)
        for key, asked in enumerate(matching.asked)
        if not matching.claims[key] and not asked.names and asked.lines
        for at, score in _alike(bags, words(asked.text))
    ]
    taken: dict[int, int] = {}
    for _, at, key in sorted(pairs, reverse=True):
        if -at not in taken and key not in taken.values():
            taken[-at] = key
    return _claim(matching, left, taken.get)


def _alike(bags: dict[int, Counter[str]], wanted: Counter[str]) -> list[tuple[int, float]]:
    size = wanted.total()
    near = [at for at, bag in bags.items() if size / 3 < bag.total() < size * 3]  # others cannot be alike
    scores = [(at, likeness(bags[at], wanted)) for at in near]
    return [(at, score) for at, score in scores if score >= ALIKE]


def _by_names(matching: Matching, left: list[int]) -> list[int]:
    """Cells that define what an unclaimed answer must define; of several such answers the nearest."""
    around = gaps(matching)
    wanted = [k for k, asked in enumerate(matching.asked) if asked.names and not matching.claims[k]]

    def claim(at: int) -> int | None:
        fits = [key for key in wanted if matching.asked[key].names & matching.defined[at]]
        free = [key for key in fits if not matching.claims[key]] or fits
        near = [key for key in free if around[key][0] < at < around[key][1]] or free
        return near[0] if near else None

    return _claim(matching, left, claim)


def gaps(matching: Matching) -> list[tuple[int, int]]:
    """For each asked cell the positions of its neighbours above and below that were not moved."""
    sure = {claims[0]: key for key, claims in enumerate(matching.claims) if len(claims) == 1}
    kept = {sure[at]: at for at in in_order(list(sure))}
    keys = range(len(matching.asked))
    above = list(accumulate((kept.get(key, -1) for key in keys), max, initial=-1))
    last = len(matching.found)
    below = list(accumulate((kept.get(key, last) for key in reversed(keys)), min, initial=last))
    return list(zip(above, reversed(below[:-1]), strict=False))


def _claim(matching: Matching, left: Iterable[int], claim) -> list[int]:
    """Let `claim` (position -> asked cell or None) settle the cells in `left`; return those it left."""
    rest = []
    for at in left:
        key = claim(at)
        if key is None:
            rest.append(at)
        else:
            matching.claims[key].append(at)
    return rest
