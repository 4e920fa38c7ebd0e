"""`grader check` proves a chapter: the one that CONTRIBUTING shows is proven, near misses are refused."""

import re

import pytest
from repository import MINI, ROOT

from grader.course.build import build
from grader.course.release import release
from grader.rehearsal.check import check
from grader.rehearsal.hints import write_hints

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
    "pays for nothing": (", contract=True", "", 'returning None earns 2: give "leaves its input alone"'),
    "a blank nudge": ("Is your input still what it was?", " ", "has no nudge"),
    "points do not add up": (":points: 4", ":points: 5", "4 of 5"),
    "loses less": (":loses: 2", ":loses: 3", "wrong answer 1, seed 0, loses 2, not 3"),
    "loses by chance": (
        "z = grade.rng.normal(size=(3, 4))\n    before",
        "z = grade.rng.normal(size=1)\n    before",
        "loses 0, not 2",
    ),
    "a right answer that is wrong": ("z * (z > 0)", "z * (z > 1)", "of 4 with seed 0"),
}


@pytest.mark.parametrize("miss", NEAR_MISSES)
def test_a_near_miss_is_refused(mini_course, miss):
    old, new, says = NEAR_MISSES[miss]
    assert old in MINI
    assert any(says in problem for problem in complaints(mini_course, MINI.replace(old, new)))


def test_hints_that_are_older_than_their_chapter_are_refused(mini_course):
    with (mini_course / "nbgrader_config.py").open("a") as config:
        config.write('\nc.Grader.hints = "hints"\n')
    (mini_course / "hints").mkdir()
    seen = MINI.replace("    z[z < 0] = 0\n    return z", "    z[z < 0] = 0\n    return z + 1")
    (mini_course / "chapters" / "00_mini.md").write_text(seen)
    build(mini_course)
    release(mini_course, "00_mini")
    (made,) = write_hints(mini_course, "00_mini")
    assert complaints(mini_course, seen) == []
    (older,) = complaints(mini_course, seen.replace("Some prose.", "Some other prose."))
    assert "made from another text" in older and "grader release 00_mini" in older
    made.write_text(re.sub(r'"#?[0-9a-f]{12}"', '"#0123456789ab"', made.read_text()))
    (other,) = complaints(mini_course, seen)
    assert "are not today's" in other and "relu" in other


def test_answers_find_the_course_s_shared_data(mini_course):
    with (mini_course / "nbgrader_config.py").open("a") as config:
        config.write('\nc.Grader.data = "numbers"\n')
    (mini_course / "numbers").mkdir()
    (mini_course / "numbers" / "zero.txt").write_text("0")
    reads = MINI.replace(
        "return np.maximum(z, 0)", 'return np.maximum(z, float(open("numbers/zero.txt").read()))'
    )
    assert complaints(mini_course, reads) == []
