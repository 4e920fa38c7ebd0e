"""Which cell of a student's notebook is which cell of the assignment.

By grade_id, then by cell id, then by likeness of the text. What is left over is the student's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import partial

from grader.repair.assignment_cell import AssignmentCell, Role
from grader.repair.celltext import likeness, lines, names, words
from grader.repair.claims import Matching
from grader.repair.submitted_cell import SubmittedCell

ALIKE = 0.6  # likeness from which two texts are one cell, edited
FOREIGN = 0.3  # likeness below which a cell with an instructor's id holds something else
MAX_COMPARED = 600  # student cells compared by likeness


def match(submitted: list[SubmittedCell], targets: list[AssignmentCell]) -> Matching:
    """Match every student cell to at most one target, a cell of the assignment."""
    matching = Matching(
        [[] for _ in targets], [], submitted, targets, [names(cell.source) for cell in submitted]
    )
    left = _by_text(matching, range(len(submitted)))
    left = _by_grade_id(matching, left)
    left = _by_cell_id(matching, left)
    left = _by_likeness(matching, left)
    left = _by_names(matching, left)
    matching.own = left
    return matching


def _by_text(matching: Matching, left: Iterable[int]) -> list[int]:
    """Unedited cells of the instructor, whatever id they carry; the second of two stays the student's.

    Those with their own id come first, and where that is an answer's only the text of a test says more: an
    answer may read as a cell of the instructor's further down.
    """
    unedited: dict[tuple[str, ...], list[int]] = {}
    for key, target in enumerate(matching.targets):
        for text in target.unedited if not target.is_answer else ():
            unedited.setdefault(text, []).append(key)
    answers = {target.grade_id for target in matching.targets if target.is_answer}

    def claim(at: int, *, named: bool) -> int | None:
        cell = matching.submitted[at]
        said = lines(cell.source)
        for key in unedited.get(said, ()) if said else ():
            target = matching.targets[key]
            own = target.grade_id == cell.grade_id
            may = target.role is Role.TEST or cell.grade_id not in answers
            if not matching.claims[key] and (own if named else may):
                return key
        return None

    return matching.settle(partial(claim, named=False), matching.settle(partial(claim, named=True), left))


def _by_grade_id(matching: Matching, left: Iterable[int]) -> list[int]:
    keys = {target.grade_id: key for key, target in enumerate(matching.targets) if target.grade_id}

    def claim(at: int) -> int | None:
        cell = matching.submitted[at]
        key = keys.get(cell.grade_id)
        if key is None:
            return None
        target = matching.targets[key]
        if target.is_answer:
            return _answered(matching, at, key)
        foreign = likeness(words(cell.source), words(target.text)) < FOREIGN and cell.source.strip()
        return None if foreign or matching.claims[key] else key

    return matching.settle(claim, left)


def _answered(matching: Matching, at: int, key: int) -> int:
    """`key`, unless the cell defines nothing of that answer, and what one other answer needs."""
    target, defined = matching.targets[key], matching.defined[at]
    if not target.names or target.names & defined:
        return key
    others = [k for k, other in enumerate(matching.targets) if other.names & defined]
    return others[0] if len(others) == 1 else key


def _by_cell_id(matching: Matching, left: Iterable[int]) -> list[int]:
    keys = {
        target.node.get("id"): key for key, target in enumerate(matching.targets) if target.node.get("id")
    }

    def claim(at: int) -> int | None:
        cell = matching.submitted[at]
        key = keys.get(cell.cell_id)
        if key is None or matching.claims[key]:
            return None
        target = matching.targets[key]
        if target.is_answer:
            return _answered(matching, at, key)
        return key if likeness(words(cell.source), words(target.text)) >= FOREIGN else None

    return matching.settle(claim, left)


def _by_likeness(matching: Matching, left: list[int]) -> list[int]:
    """The best pairs first; only cells of the instructor and stubs without a name of their own."""
    bags = {at: words(matching.submitted[at].source) for at in left[:MAX_COMPARED]}
    pairs = [
        (score, -at, key)
        for key, target in enumerate(matching.targets)
        if not matching.claims[key] and not target.names and target.lines
        for at, score in _alike(bags, words(target.text))
    ]
    taken: dict[int, int] = {}
    for _, at, key in sorted(pairs, reverse=True):
        if -at not in taken and key not in taken.values():
            taken[-at] = key
    return matching.settle(taken.get, left)


def _alike(bags: dict[int, Counter[str]], wanted: Counter[str]) -> list[tuple[int, float]]:
    size = wanted.total()
    near = [at for at, bag in bags.items() if size / 3 < bag.total() < size * 3]  # others cannot be alike
    scores = [(at, likeness(bags[at], wanted)) for at in near]
    return [(at, score) for at, score in scores if score >= ALIKE]


def _by_names(matching: Matching, left: list[int]) -> list[int]:
    """Cells that define what an unclaimed answer must define; of several such answers the nearest."""
    around = matching.gaps()
    wanted = [k for k, target in enumerate(matching.targets) if target.names and not matching.claims[k]]

    def claim(at: int) -> int | None:
        fits = [key for key in wanted if matching.targets[key].names & matching.defined[at]]
        free = [key for key in fits if not matching.claims[key]] or fits
        near = [key for key in free if around[key][0] < at < around[key][1]] or free
        return near[0] if near else None

    return matching.settle(claim, left)
