"""What a test asks about a class of the student's is told as it is over there; an empty class has nothing."""

import pytest
from questions import verdicts_of

from grader.records import Limits

PILE = """
class Pile:
    limit: int = 3
    def __init__(self, items=()):
        self.items = list(items)
    def __len__(self):
        return len(self.items)
    def __iter__(self):
        return iter(self.items)
    def __eq__(self, other):
        return self.items == other.items
    def __call__(self):
        return "called"
"""
EMPTY = "class Pile:\n    def __new__(cls, *args): return object.__new__(cls)"
TRUE_OF_PILE = {
    "hasattr of the class": 'hasattr(Pile, "__len__") and hasattr(Pile, "__iter__")',
    "hasattr of an object": 'hasattr(Pile([1]), "__len__")',
    "another __eq__ than object's": "Pile.__eq__ is not object.__eq__",
    "another __init__ than object's": "Pile.__init__ is not object.__init__",
    "in __dict__": '"__len__" in Pile.__dict__ and "__len__" in vars(Pile)',
    "in dir": '"__len__" in dir(Pile)',
    "called by name": "Pile([1, 2]).__len__() == 2",
    "Iterable": "isinstance(Pile([1]), collections.abc.Iterable)",
    "Sized": "isinstance(Pile([1]), collections.abc.Sized)",
    "callable": "callable(Pile([1])) and Pile([1])() == 'called'",
    "unhashable": "not isinstance(Pile([1]), collections.abc.Hashable)",
    "its attributes": 'Pile([1]).__dict__ == {"items": [1]}',
    "its annotations": 'Pile.__annotations__ == {"limit": int}',
    "falsy when empty": "not Pile()",
}
TRUE_OF_BOTH = {
    "what every class has": 'hasattr(Pile, "__eq__") and hasattr(Pile, "__init__")',
    "no lengths of others": 'not hasattr(Pile, "__float__") and not isinstance(Pile(), collections.abc.Set)',
    "no name by which NumPy reads memory": 'not hasattr(Pile(), "__array_interface__")',
    "a TypeError that tells why": "refuses(lambda: Pile() + 1, 'unsupported operand')",
    "no order": "refuses(lambda: Pile() < Pile(), 'not supported')",
}
SETUP = """
import collections.abc
def refuses(action, message):
    try: action()
    except TypeError as error: return message in str(error)
"""


@pytest.fixture(scope="module")
def points():
    """answer -> what each claim earned."""
    claims = TRUE_OF_PILE | TRUE_OF_BOTH
    found = verdicts_of(SETUP, (PILE, EMPTY), [f"assert {claim}" for claim in claims.values()], Limits())
    return {answer: dict(zip(claims, judged, strict=True)) for answer, judged in found.items()}


@pytest.mark.parametrize("claim", TRUE_OF_PILE)
def test_a_class_tells_what_it_has_and_an_empty_one_has_nothing(points, claim):
    assert points[PILE][claim].points == 1, points[PILE][claim].detail
    assert points[EMPTY][claim].points == 0


@pytest.mark.parametrize("claim", TRUE_OF_BOTH)
def test_what_both_classes_have_or_lack(points, claim):
    assert [points[answer][claim].points for answer in (PILE, EMPTY)] == [1, 1], points[PILE][claim].detail
