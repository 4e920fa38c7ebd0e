"""The notebooks that prove a chapter's tests: the reference, the released cells, wrong and right answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import nbformat

from grader.course.chapter import Chapter
from grader.rehearsal.stand_ins import empty_answers

REFERENCE_SEEDS = 20
RIGHT_SEEDS = 3
WRONG_SEEDS = 5  # a bound may hold by chance
DRAWS = re.compile(r"rng|random|shuffle")  # where neither a test nor an answer has one, all seeds are one


@dataclass(frozen=True)
class Rehearsal:
    """One notebook to run: `answers` replace the reference's solution cells."""

    chapter: str
    kind: str  # reference, stub, nothing, wrong or right
    exercise: str  # empty: all of the chapter's
    number: int
    seed: int
    answers: dict[str, str]

    @property
    def name(self) -> tuple:
        """What no other rehearsal has."""
        return self.chapter, self.kind, self.exercise, self.number, self.seed


def rehearsals(chapter: Chapter, stubs: dict[str, str]) -> Iterator[Rehearsal]:
    """Every rehearsal of a chapter; `stubs` are the released solution cells."""
    name = chapter.name
    for seed in range(REFERENCE_SEEDS):
        yield Rehearsal(name, "reference", "", 0, seed, {})
    yield Rehearsal(name, "stub", "", 0, 0, stubs)
    yield Rehearsal(name, "nothing", "", 0, 0, empty_answers(chapter))
    for exercise in chapter.exercises:
        for number, mistake in enumerate(chapter.mistakes(exercise), 1):
            for seed in _seeds(chapter, exercise, mistake.source, WRONG_SEEDS):
                yield Rehearsal(name, "wrong", exercise, number, seed, {exercise: mistake.source})
        for number, source in enumerate(chapter.rights(exercise), 1):
            for seed in _seeds(chapter, exercise, source, RIGHT_SEEDS):
                yield Rehearsal(name, "right", exercise, number, seed, {exercise: source})


def alike(rehearsals: Iterable[Rehearsal]) -> list[list[Rehearsal]]:
    """Those of one exercise and one seed together, for their notebooks begin alike; the others one by one."""
    together: dict[object, list[Rehearsal]] = {}
    for one in rehearsals:
        together.setdefault((one.chapter, one.exercise, one.seed) if one.exercise else one.name, []).append(
            one
        )
    return list(together.values())


def _seeds(chapter: Chapter, exercise: str, answer: str, count: int) -> range:
    """`count` seeds where something is drawn from one; else a single one tells all."""
    return range(count if DRAWS.search(chapter.test(exercise).source + answer) else 1)


def stubs(released: nbformat.NotebookNode) -> dict[str, str]:
    """exercise -> the solution cell as students get it"""
    cells = ((c.metadata.get("nbgrader", {}), c) for c in released.cells if c.cell_type == "code")
    return {meta["grade_id"]: c.source for meta, c in cells if meta.get("solution")}
