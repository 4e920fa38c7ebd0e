"""Slips: what the right answer becomes by one small change, and what to ask whoever's answer does the same.

A sign turned, a term left out, another axis: most wrong answers of students are one such change away from
a right one. The question tells what the numbers show, "as if a sign were turned", so it is true of every
answer that gives them, however it is written.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType

from grader.notebook import slip_blocks, slip_kin, slip_names, slip_order, slip_terms, slip_twice
from grader.notebook.slip_place import Place, places
from grader.notebook.slip_questions import NUMBER, STALE

_NAMES = slip_names.names, slip_names.turned
_USUAL = *slip_terms.CHANGES, *slip_names.CHANGES, *slip_blocks.CHANGES
_OTHERS = *slip_order.CHANGES, *slip_kin.CHANGES, *slip_twice.CHANGES
CHANGES = *_USUAL, *_OTHERS, *_NAMES
OF_PAIRS = *_USUAL, *_OTHERS
VAGUE = {NUMBER, STALE}  # too little to say beside another one


@dataclass(frozen=True)
class Slip:
    """An answer that is wrong in one place, compiled, and what to ask whoever gave one that ends like it."""

    answer: CodeType
    hint: str
    usual: bool = False  # so that a round number is evidence enough


def slips(source: str) -> Iterator[Slip]:
    """The slips of an answer, the likely ones first; none of what is no Python."""
    for slip, _ in _changes(_parsed(source)):
        yield slip


def pairs(source: str, first: int) -> Iterator[tuple[Slip, str]]:
    """An answer with two slips at once, told by the second one, and the hint of the first: each of the
    `first` likeliest with the likeliest other, then each with the next. What is one slip alone is none."""
    tree = _parsed(source)
    single = [(slip, text) for slip, text in _changes(tree, OF_PAIRS, texts=True) if slip.hint not in VAGUE]
    met = {ast.unparse(tree), *(text for _, text in single)}
    rows = [(slip.hint, _changes(ast.parse(text), OF_PAIRS, texts=True)) for slip, text in single[:first]]
    for hint, change in _in_turn(rows):
        slip, text = change
        if text not in met and slip.hint not in VAGUE:
            met.add(text)
            yield slip, hint


def _in_turn(rows: list[tuple[str, Iterator]]) -> Iterator[tuple[str, tuple[Slip, str]]]:
    """The first of each row, then the second of each, until all have ended."""
    while rows:
        going = [(hint, row, change) for hint, row in rows if (change := next(row, None))]
        yield from ((hint, change) for hint, _, change in going)
        rows = [(hint, row) for hint, row, _ in going]


def _parsed(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return ast.Module([], [])


def _changes(tree: ast.Module, changes: tuple = CHANGES, texts: bool = False) -> Iterator[tuple[Slip, str]]:
    """Each slip of a tree, with the text of the answer where it is asked for."""
    all_places = list(places(tree))
    for change in changes:
        for place in all_places:
            for hint, other in change(place):
                if made := _with(tree, place, other, texts):
                    answer, text = made
                    yield Slip(answer, hint, change not in _OTHERS), text


def _with(
    tree: ast.Module, place: Place, other: ast.AST | list[ast.stmt], texts: bool
) -> tuple[CodeType, str] | None:
    """The answer with something else at a place, None where that cannot be; the tree is as it was, then."""
    before = place.get()
    place.put(other)
    try:
        code = compile(ast.fix_missing_locations(tree), "<slip>", "exec")
        return code, ast.unparse(tree) if texts else ""
    except (SyntaxError, ValueError, TypeError):
        return None
    finally:
        place.put(before)
