"""A class of the student's that inherits from a plain type: its objects are more than numbers, lists or texts
where the course has a class of that name, and no more than these elsewhere."""

import pytest
from questions import verdicts_of

from grader.records import Limits

COURSE = """
class Stack:
    def __init__(self):
        self.items = []
    def push(self, item):
        self.items.append(item)
    def size(self):
        return len(self.items)
class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def norm(self):
        return (self.x ** 2 + self.y ** 2) ** 0.5
class Mod:
    def __init__(self, value):
        self.value = value % 7
    def inverse(self):
        return Mod(self.value ** 5)
class Bare:
    def __init__(self, x):
        self.x = x
def largest(numbers):
    return max(numbers)
def letters(text):
    return set(text)
from collections import defaultdict
def tally(words):
    found = defaultdict(int)
    for word in words:
        found[word] += 1
    return found
def groups(words):
    found = defaultdict(list)
    for word in words:
        found[word[0]].append(word)
    return found
"""
INHERITING = """
from typing import NamedTuple
class Stack(list):
    push = list.append
    size = list.__len__
class Point(NamedTuple):
    x: int
    y: int
    def norm(self):
        return (self.x ** 2 + self.y ** 2) ** 0.5
class Mod(int):
    value = property(lambda self: int(self) % 7)
    def inverse(self):
        return Mod(self.value ** 5)
class Bare(NamedTuple):
    x: int
class Liar(float):
    def __eq__(self, other):
        return True
def largest(numbers):
    return Liar(numbers[0])
def letters(text):
    return dict.fromkeys(text).keys()
from collections import defaultdict
class Zeros(dict):
    def __missing__(self, key):
        return 0
def tally(words):
    return Zeros((word, words.count(word)) for word in words)
def groups(words):
    found = defaultdict(lambda: [])
    for word in words:
        found[word[0]].append(word)
    return found
"""
TESTS = {
    "a list": "s = Stack()\ns.push(3)\ns.push(4)\nassert s.size() == 2",
    "a tuple with fields": "assert Point(3, 4).norm() == 5 and Point(3, 4).x == 3",
    "a number": "assert Mod(10).inverse().value == 5",
    "many of them": "assert [p.norm() for p in points] == [5, 10]",
    "its own word on missing keys": "t = tally('aab')\nassert t == {'a': 2, 'b': 1} and t['z'] == 0",
    "a factory of its own": "g = groups(['ab', 'c'])\nassert g['a'] == ['ab'] and g['z'] == []",
    "a view of keys": "assert letters('aba') == {'a', 'b'} and letters('') == set()",
    "fields alone": "assert Bare(4).x == 4",
}


@pytest.fixture(scope="module")
def found():
    answers = [f"{text}\npoints = [Point(3, 4), Point(6, 8)]" for text in (COURSE, INHERITING)]
    tests = [*TESTS.values(), "assert largest([1, 2]) == 1", "assert Bare(4) == (4,)"]
    return [*verdicts_of("", answers, tests, Limits()).values()]


@pytest.mark.parametrize("what", TESTS)
def test_what_inherits_from_a_plain_type_keeps_its_methods(found, what):
    place = list(TESTS).index(what)
    for verdicts in found:
        assert verdicts[place].points == 1, verdicts[place].detail


def test_a_class_that_the_course_does_not_name_crosses_as_the_plain_value(found):
    assert [verdicts[len(TESTS)].points for verdicts in found] == [0, 1]


def test_a_record_without_methods_is_compared_here(found):
    assert [verdicts[len(TESTS) + 1].points for verdicts in found] == [0, 1]
