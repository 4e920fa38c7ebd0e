"""Which wrong answers of a notebook may be the cause of what fails in those that call them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from grader.notebook.names import defined, used

START_THERE = "It calls `{name}`, whose own test does not pass yet: start there."


def causes(answers: Iterable[tuple[Sequence[str], bool]]) -> Iterator[list[str]]:
    """For each answer, in the notebook's order, what it uses of wrong ones above; a right one has no cause.

    answers: the sources of its code cells, and whether it lost points.
    """
    wrong: set[str] = set()
    for sources, lost in answers:
        yield sorted(wrong.intersection(chain.from_iterable(map(used, sources)))) if lost else []
        if lost:
            wrong.update(*map(defined, sources))
