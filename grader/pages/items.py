"""Which questions and checks tell good work from weak work, and which look broken or can be guessed.

Classical item analysis: the discrimination of an item is the correlation of what it earned with the rest of
the score, over the submissions that hold any answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import atanh, sqrt
from statistics import StatisticsError, correlation, mean

from grader.books.ledger import Ledger
from grader.books.runs import Run
from grader.records import NO_RUN, Status

LEAST = 8  # submissions: fewer say nothing
WEAK = 0.1  # a discrimination below this is worth a look,
GOOD = 0.3  # unless chance alone may have made it of this, which is a good one
ONE_SIDED = 1.645  # standard errors: wrong about one sound item in twenty
BEST_LOSE = 0.75  # of the best quarter: then the test rather than the class is at fault
EASY = 0.98  # of all points earned: no item, but a gift

Item = tuple[str, str, str]  # notebook, grade_id, label of the check or ""


@dataclass(frozen=True)
class ItemFacts:
    """One question, or one check of it. `share`: of its points earned, by all and by the best quarter.

    `suspicion` ranks what is worth a look: 0 for an item that is fine; `why` says it in words.
    """

    notebook: str
    question: str
    check: str
    share: float
    best_share: float
    discrimination: float | None
    suspicion: float
    why: str


def item_facts(runs: Sequence[Run], ledger: Ledger) -> list[dict]:
    """The items of an assignment, the most suspicious first; none for a class that is too small."""
    counted = [run for run in runs if _counts(run)]
    table = {run.student: dict(_earned(run, ledger)) for run in counted}
    if len(table) < LEAST:
        return []
    half_read = {place for run in counted for place in _waiting(run, ledger)}
    items = dict.fromkeys(item for earned in table.values() for item in earned if item[:2] not in half_read)
    facts = [_facts(item, table) for item in items]
    return [asdict(one) for one in sorted(facts, key=lambda one: -one.suspicion)]


def suspects(items: Sequence[dict]) -> list[dict]:
    """Of each question that is worth a look its most suspicious item, with how many `others` of it are."""
    odd = [one for one in items if one["suspicion"]]
    places = [(one["notebook"], one["question"]) for one in odd]
    return [
        one | {"others": places.count(place) - 1}
        for n, (place, one) in enumerate(zip(places, odd, strict=True))
        if place not in places[:n]
    ]


def _counts(run: Run) -> bool:
    return not run.is_blank and run.status not in NO_RUN


def _earned(run: Run, ledger: Ledger) -> Iterator[tuple[Item, tuple[float, float]]]:
    """item -> (points, of how many)."""
    for notebook, score in run.scores:
        points = ledger.points(run.student, notebook, score)
        if points is not None and score.max_score:
            yield (notebook, score.grade_id, ""), (points, score.max_score)
        for check in score.checks if len(score.checks) > 1 else ():
            yield (notebook, score.grade_id, check.label), (check.points, check.max_points or 1.0)


def _waiting(run: Run, ledger: Ledger) -> Iterator[tuple[str, str]]:
    """What a human has still to mark: of such a question only who left it empty has a score."""
    for notebook, score in run.scores:
        if score.status is Status.COMPLETED and ledger.points(run.student, notebook, score) is None:
            yield notebook, score.grade_id


def _facts(item: Item, table: Mapping[str, Mapping[Item, tuple[float, float]]]) -> ItemFacts:
    found = [(one[item][0] / one[item][1], _rest(item, one)) for one in table.values() if item in one]
    found.sort(key=lambda pair: -pair[1])
    shares = [share for share, _ in found]
    best = mean(shares[: max(1, len(shares) // 4)])
    try:
        telling = correlation(shares, [rest for _, rest in found])
    except StatisticsError:  # fewer than two, or all alike
        telling = None
    return ItemFacts(*item, mean(shares), best, telling, *_suspicion(len(found), mean(shares), best, telling))


def _rest(item: Item, earned: Mapping[Item, tuple[float, float]]) -> float:
    """Points of all other questions."""
    return sum(points for other, (points, _) in earned.items() if not other[2] and other[:2] != item[:2])


def _suspicion(count: int, share: float, best: float, telling: float | None) -> tuple[float, str]:
    if count < LEAST:
        return 0.0, ""
    if 1 - best >= BEST_LOSE:
        return 2.0 + (
            1 - best
        ), f"{1 - best:.0%} of its points are lost by the best quarter: is the test right?"
    if telling is not None and _is_weak(telling, count) and share < EASY:
        return 1.0 - telling, "good and weak work fare alike: can it be guessed, is its text clear?"
    return 0.0, ""


def _is_weak(telling: float, count: int) -> bool:
    """Whether so low a correlation in a class of `count` is no mere chance (Fisher's z)."""
    surely = atanh(GOOD) - ONE_SIDED / sqrt(count - 3)
    return telling < WEAK and atanh(max(telling, -0.999)) < surely
