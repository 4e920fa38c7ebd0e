"""Which students' answers have more in common than chance explains: an inverted index over rare hashes.

What the class shares, what was handed out and what the course itself knows as answers says nothing. A hash
that d of n students have says log2(n / d) bits; the bits of two students are added up over all questions.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

COMMON_SHARE, COMMON_LEAST = 0.03, 10  # a hash that more students have than this is a common answer's
OVERLAP = 3.0  # hashes of one passage overlap: so many of them say what one says

Place = tuple[str, str]  # student, question
Hashes = Mapping[Place, Iterable[int]]
Weights = Mapping[tuple[str, int], float]


@dataclass(frozen=True)
class Match:
    """What two students share in one question. `share`: the part of the smaller answer's rare hashes."""

    question: str
    bits: float
    share: float


@dataclass(frozen=True)
class Pair:
    """Two students and what they share, the most telling question first."""

    students: tuple[str, str]
    bits: float
    matches: tuple[Match, ...]


@dataclass(frozen=True)
class Pairs:
    """All pairs with anything rare in common, most telling first; those over `line` bits are worth a look."""

    found: tuple[Pair, ...]
    line: float
    students: int

    @property
    def worth_a_look(self) -> list[Pair]:
        return [pair for pair in self.found if pair.bits >= self.line]


def find_pairs(answers: Hashes, known: Mapping[str, Iterable[int]]) -> Pairs:
    """Compare every answer with every other of its question.

    known: question -> hashes of the released text and of known answers, which say nothing.
    """
    students = len({student for student, _ in answers})
    weights = _weights(answers, known, students)
    shared = _shared(answers, weights)
    whole = {place: _sum(weights, place[1], hashes) for place, hashes in answers.items()}
    by_students: dict[tuple[str, str], list[Match]] = defaultdict(list)
    for (first, second, question), bits in shared.items():
        smaller = min(whole[first, question], whole[second, question])
        by_students[first, second].append(Match(question, bits / OVERLAP, bits / smaller))
    found = [_pair(both, matches) for both, matches in by_students.items()]
    found.sort(key=lambda pair: (-pair.bits, pair.students))
    line = math.log2(max(2, students * (students - 1) / 2))
    return Pairs(tuple(found), line, students)


def _pair(students: tuple[str, str], matches: list[Match]) -> Pair:
    return Pair(
        students, sum(match.bits for match in matches), tuple(sorted(matches, key=lambda match: -match.bits))
    )


def _sum(weights: Weights, question: str, hashes: Iterable[int]) -> float:
    return sum(weights.get((question, one), 0.0) for one in set(hashes))


def _weights(answers: Hashes, known: Mapping[str, Iterable[int]], students: int) -> Weights:
    """(question, hash) -> its bits, for those that are neither common nor known."""
    common = max(COMMON_LEAST, COMMON_SHARE * students)
    counts = Counter((question, one) for (_, question), hashes in answers.items() for one in set(hashes))
    dull = {(question, one) for question, hashes in known.items() for one in hashes}
    return {
        place: math.log2(students / count)
        for place, count in counts.items()
        if count <= common and place not in dull
    }


def _shared(answers: Hashes, weights: Weights) -> dict[tuple[str, str, str], float]:
    """(student, student, question) -> the bits that they share."""
    owners: dict[tuple[str, int], list[str]] = defaultdict(list)
    for (student, question), hashes in answers.items():
        for one in set(hashes):
            if (question, one) in weights:
                owners[question, one].append(student)
    shared: dict[tuple[str, str, str], float] = defaultdict(float)
    for (question, one), names in owners.items():
        bits = weights[question, one]
        for first, second in combinations(sorted(names), 2):
            shared[first, second, question] += bits
    return shared
