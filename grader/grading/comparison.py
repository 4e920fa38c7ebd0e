"""Which tests do better inside: they give wrong answers another mark there, or the way to and fro is slow.

Outside, a test that something did *not* happen can be content with any answer, and a test that calls student
code a hundred thousand times can run out of time with a right one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace

from grader.grading.mutants import mutants
from grader.grading.tryout import Tryout
from grader.records import CellScore, Execution, Place, Status

MUTANTS_SECONDS = 10.0  # a notebook whose reference takes longer is not run with wrong answers
MUTANT_PATIENCE = 3  # times the reference's time; wrong answers often never end
SLOW_SECONDS = 2.0  # from which a test outside is compared with itself inside
SLOW = "outside it takes {seconds:.1f} s, inside less than half of that"
OTHERWISE = "an answer with {told} earns {outside:g} outside, {inside:g} inside"

Places = dict[str, Place]


def better_inside(tryout: Tryout, run: Execution, places: Places, open_: Set[str]) -> dict[str, str]:
    """Those of the tests in `open_` that had better run inside, and why.

    run: of the reference, with the tests at their `places`. A test whose reference loses points inside, or
    that pays a blank answer there, is not among them.
    """
    slow = {name for name in open_ if run.verdicts[name].seconds > SLOW_SECONDS}
    found = {name: SLOW.format(seconds=run.verdicts[name].seconds) for name in slow}
    if run.seconds < MUTANTS_SECONDS and open_:
        found = dict(_judged_otherwise(tryout, run, places, open_)) | found
    sound = _sound(tryout, run, places, found.keys(), slow) if found else set()
    return {name: found[name] for name in sound}


def _judged_otherwise(
    tryout: Tryout, run: Execution, places: Places, open_: Set[str]
) -> Iterator[tuple[str, str]]:
    seconds = min(MUTANT_PATIENCE * run.seconds + 1, tryout.limits.cell_seconds)
    limits = replace(tryout.limits, cell_seconds=seconds)
    ways = places, places | _inside(open_)
    for told, mutant in mutants(tryout.reference):
        outside, inside = (_ended(tryout.run(mutant, way, limits)[1]) for way in ways)
        for name in open_ & outside.keys() & inside.keys():
            if outside[name] != inside[name]:
                yield name, OTHERWISE.format(told=told, outside=outside[name], inside=inside[name])


def _sound(tryout: Tryout, run: Execution, places: Places, found: Set[str], slow: Set[str]) -> set[str]:
    """Those of `found` that may run inside; of the slow ones those that are faster there."""
    moved = places | _inside(found)
    again, scores = tryout.run(tryout.reference, moved)
    right = {score.grade_id for score in scores if score.auto_score == score.max_score} & found
    paid = {score.grade_id for score in tryout.run(tryout.blank, moved)[1] if score.auto_score}
    half = {name: run.verdicts[name].seconds / 2 for name in slow & right}
    return right - paid - {name for name in half if again.verdicts[name].seconds > half[name]}


def _inside(names: Set[str]) -> Places:
    return dict.fromkeys(names, Place.INSIDE)


def _ended(scores: list[CellScore]) -> Mapping[str, float | None]:
    """grade_id -> points of the tests that came to an end."""
    return {score.grade_id: score.auto_score for score in scores if score.status is Status.COMPLETED}
