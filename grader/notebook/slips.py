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

from grader.notebook import slip_blocks, slip_names, slip_terms
from grader.notebook.slip_place import Place, places

CHANGES = (
    *slip_terms.CHANGES,
    *slip_names.CHANGES,
    *slip_blocks.CHANGES,
    slip_names.names,
    slip_names.turned,
)


@dataclass(frozen=True)
class Slip:
    """An answer that is wrong in one place, compiled, and what to ask whoever gave one that ends like it."""

    answer: CodeType
    hint: str


def slips(source: str) -> Iterator[Slip]:
    """The slips of an answer, the likely ones first; none of what is no Python."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return
    all_places = list(places(tree))
    for change in CHANGES:
        for place in all_places:
            for hint, other in change(place):
                if answer := _with(tree, place, other):
                    yield Slip(answer, hint)


def _with(tree: ast.Module, place: Place, other: ast.AST | list[ast.stmt]) -> CodeType | None:
    """The answer with something else at a place, None where that cannot be; the tree is as it was, then."""
    before = place.get()
    place.put(other)
    try:
        return compile(ast.fix_missing_locations(tree), "<slip>", "exec")
    except (SyntaxError, ValueError, TypeError):
        return None
    finally:
        place.put(before)
