"""`grader check` proves a chapter: the one that CONTRIBUTING shows is proven, near misses are refused."""

import re

import pytest
from conftest import MINI, ROOT

from grader.rehearsal.check import check

FIRST_CELL = MINI.split("Some prose.")[0]


def complaints(course, text):
    (course / "chapters" / "00_mini.md").write_text(text)
    return [p for one in check(course, None, 1, lambda done, of: None) for p in one.problems]


def test_the_example_of_contributing_is_proven(mini_course):
    page = (ROOT / "CONTRIBUTING.md").read_text()
    example = re.search(r"^````markdown\n(.*?)^````$", page, re.M | re.S)[1]
    assert complaints(mini_course, FIRST_CELL + example) == []


NEAR_MISSES = {
    "no nudge": (
        ', nudge="Is your input still what it was?"',
        "",
        'the hidden check "leaves its input alone" has no',
    ),
    "a blank nudge": ("Is your input still what it was?", " ", "has no nudge"),
    "points do not add up": (":points: 4", ":points: 5", "4 of 5"),
    "loses less": (":loses: 2", ":loses: 3", "wrong answer 1 loses 2, not 3"),
    "a right answer that is wrong": ("z * (z > 0)", "z * (z > 1)", "of 4 with seed 0"),
}


@pytest.mark.parametrize("miss", NEAR_MISSES)
def test_a_near_miss_is_refused(mini_course, miss):
    old, new, says = NEAR_MISSES[miss]
    assert old in MINI
    assert any(says in problem for problem in complaints(mini_course, MINI.replace(old, new)))
