"""Operators between a student's object and what a test expects: they earn nothing and tell nothing."""

import ast

import pytest
from nbformat import v4
from questions import answer_key, cell, submission

from grader.engine.execute import execute
from grader.engine.judge.client import Judges
from grader.engine.sandbox.zygote import Zygote
from grader.notebook.classes import special_methods
from grader.records import Limits

SETUP = """
import collections, datetime, decimal, fractions, functools, math, operator, statistics, unittest
import numpy as np, pytest
WANTED, ROW = 28.274333882308138, np.array([28.274333882308138, 0.75])
"""
REFERENCE = """
def area(r): return math.pi * r * r
def square(r): return math.pi * r * r
"""
HOSTILE = '''
SEEN = []
def see(*others):
    SEEN.append(others[1:])
    return others[0]
class Zero:
    """Equal to all, no distance from anything; remembers what it meets."""
    __array_ufunc__ = None
    def __getattr__(self, name): return lambda *a, **k: see(self, *a)
    def __abs__(self): return 0.0
    def __float__(self): return 0.0
    def __int__(self): return 0
    def __bool__(self): return True
    def __len__(self): return 2
    def __hash__(self): return 1
    def __iter__(self): return iter([self, self])
    def __contains__(self, item): SEEN.append(item); return True
    def __format__(self, spec): return "0.0"
    def __round__(self, n=0): return 0.0
    def __divmod__(self, other): SEEN.append(other); return (0.0, 0.0)
    __rdivmod__ = __divmod__
    def __eq__(self, other): SEEN.append(other); return True
    __le__ = __ge__ = __lt__ = __gt__ = __eq__
    def __ne__(self, other): SEEN.append(other); return False
    def __neg__(self): return self
    __pos__ = __invert__ = __neg__
for name in "add sub mul matmul truediv floordiv mod pow lshift rshift and or xor".split():
    for side in ("", "r", "i"):
        setattr(Zero, f"__{side}{name}__", see)
def area(r): return Zero()
square = area
'''
TRUST = [  # with values these hold, or fail for want of the right one; an object must not pass in their place
    "abs(area(3.0) - WANTED) < 1e-9",
    "abs(WANTED - area(3.0)) < 1e-9",
    "abs(np.float64(WANTED) - area(3.0)) < 1e-9",
    "abs(area(3.0) - ROW).max() < 1e-9",
    "(abs(ROW - area(3.0)) < 1e-9).all()",
    "not (area(3.0) - WANTED) > 1e-9",
    "abs(-WANTED + area(3.0)) < 1e-9",
    "area(3.0) == WANTED",
    "WANTED == area(3.0)",
    "(ROW == area(3.0)).all()",
    "np.float64(WANTED) == area(3.0)",
    "not area(3.0) != WANTED",
    "WANTED <= area(3.0) <= WANTED",
    "area(3.0) in (WANTED,)",
    "WANTED in area(3.0)",
    "WANTED in [area(3.0)]",
    "[area(3.0)] == [WANTED]",
    "{'a': area(3.0)} == {'a': WANTED}",
    "{'a': (1, [area(3.0)])} == {'a': (1, [WANTED])}",
    "list(area(3.0)) == [WANTED, WANTED]",
    "{area(3.0)} == {WANTED}",
    "[area(3.0), WANTED].count(WANTED) == 2",
    "[area(3.0)].index(WANTED) == 0",
    "max(area(3.0), WANTED) == WANTED",
    "sorted([area(3.0), WANTED])[1] == WANTED",
    "min([WANTED, 1.0], key=lambda v: area(3.0) - v) == WANTED",
    "math.isclose(area(3.0), WANTED)",
    "math.isclose(area(3.0) / WANTED, 0) or area(3.0) / WANTED",
    "math.fabs(area(3.0) - WANTED) < 1e-9",
    "cmath_isclose(area(3.0), WANTED)",
    "not bool(area(3.0) - WANTED) or area(3.0) - WANTED",
    "int(area(3.0) - WANTED) == 0",
    "float(area(3.0) - WANTED) == 0",
    "len(area(3.0) - WANTED) == 2",
    "round(area(3.0) - WANTED, 6) == 0",
    "round(area(3.0), 6) == round(WANTED, 6)",
    "f'{area(3.0) - WANTED:.3f}' == '0.000'",
    "f'{area(3.0)}' == f'{WANTED}'",
    "'%.3f' % (area(3.0) - WANTED) == '0.000'",
    "'%.3f' % area(3.0) == '%.3f' % WANTED",
    "('%s' + area(3.0)) and ('%s' % WANTED)",
    "area(3.0) % WANTED or True",
    "divmod(area(3.0), WANTED)[0] == 0",
    "divmod(WANTED, area(3.0))[0] == 0",
    "pow(area(3.0), WANTED) and True",
    "pow(WANTED, area(3.0)) and True",
    "ROW @ area(3.0) or True",
    "area(3.0) // WANTED or True",
    "(area(3.0) << 28) or True",
    "28 >> area(3.0) or True",
    "28 ^ area(3.0) or True",
    "(ROW > 0) & area(3.0) or True",
    "operator.sub(area(3.0), WANTED) or True",
    "operator.isub(area(3.0), WANTED) or True",
    "functools.reduce(operator.sub, [area(3.0), WANTED]) or True",
    "sum([WANTED, area(3.0)]) or True",
    "list(map(operator.eq, area(3.0), [WANTED, WANTED])) == [True, True]",
    "area(3.0).__sub__(WANTED) or True",
    "area(3.0).__eq__(WANTED)",
    "decimal.Decimal(28) - area(3.0) or True",
    "fractions.Fraction(28) - area(3.0) or True",
    "datetime.timedelta(28) - area(3.0) or True",
    "np.subtract(area(3.0), ROW) or True",
    "np.subtract(ROW, area(3.0)) or True",
    "np.subtract.outer(ROW, area(3.0)) or True",
    "np.add.reduce([WANTED, area(3.0)]) or True",
    "np.equal(area(3.0), WANTED)",
    "np.isclose(area(3.0), WANTED)",
    "np.allclose(area(3.0), ROW)",
    "np.array_equal(area(3.0), ROW)",
    "np.array([area(3.0) - WANTED, 0.0]) is not None",
    "np.maximum(area(3.0), WANTED) or True",
    "np.abs(area(3.0) - WANTED) < 1e-9",
    "np.linalg.norm(area(3.0) - ROW) < 1e-9",
    "np.linalg.norm(ROW - area(3.0)) < 1e-9",
    "np.dot(area(3.0), ROW) or True",
    "np.where(True, area(3.0), WANTED) or True",
    "np.testing.assert_allclose(area(3.0), WANTED) is None",
    "np.testing.assert_equal(area(3.0), WANTED) is None",
    "np.testing.assert_almost_equal(area(3.0), WANTED) is None",
    "np.testing.assert_approx_equal(area(3.0), WANTED) is None",
    "np.testing.assert_array_less(area(3.0), WANTED) is None",
    "unittest.TestCase().assertAlmostEqual(area(3.0), WANTED) is None",
    "unittest.TestCase().assertEqual(area(3.0), WANTED) is None",
    "unittest.TestCase().assertIn(WANTED, area(3.0)) is None",
    "pytest.approx(WANTED) == area(3.0)",
    "area(3.0) == pytest.approx(WANTED)",
    "statistics.mean([area(3.0), WANTED]) or True",
    "collections.Counter([area(3.0)]) == collections.Counter([WANTED])",
    "collections.OrderedDict(a=area(3.0)) == collections.OrderedDict(a=WANTED)",
    "matches(area(3.0))",
    # two objects of the student's, where the answer has no class of its own
    "abs(area(3.0) - square(3.0)) < 1e-9",
    "area(3.0) == square(3.0)",
    "[area(3.0)] == [square(3.0)]",
    "area(3.0) + square(3.0) == area(4.0)",
    "not area(3.0) != square(3.0)",
    "area(3.0) <= square(3.0)",
    "abs(area(3.0)) < 1e-9 or -area(3.0)",
    "~area(3.0) or True",
]
HELPERS = """
import cmath
def cmath_isclose(a, b): return cmath.isclose(a, b)
def matches(value):
    match value:
        case 28.274333882308138: return True
"""
SHOW = "print('SEEN', SEEN, 28.25 + 0.25)"


@pytest.fixture(scope="module")
def outcome():
    """Each line of TRUST as the one assertion of a hidden test; the student's own look at what was met."""
    tests = [
        cell("test", f"t{n}", 1, f"{HELPERS}### BEGIN HIDDEN TESTS\nassert {line}\n### END HIDDEN TESTS")
        for n, line in enumerate(TRUST)
    ]
    setup = cell("plain", "setup", 0, SETUP)
    ours = v4.new_notebook(cells=[setup, cell("solution", "answers", 0, REFERENCE), *tests])
    theirs = [setup, cell("solution", "answers", 0, HOSTILE), *tests, cell("extra", "end", 0, SHOW)]
    key = answer_key("")
    key.notebooks["nb"] = ours
    with Zygote() as zygote, Judges(key) as judges:
        return execute(zygote, judges, "nb", v4.new_notebook(cells=theirs), Limits(), seed=3)


@pytest.mark.parametrize("number", range(len(TRUST)), ids=TRUST)
def test_an_object_is_not_taken_for_a_value(outcome, number):
    verdict = outcome.verdicts[f"test_t{number}"]
    assert verdict.points == 0, verdict.detail
    assert "no answer" not in verdict.cause


def test_no_object_meets_what_is_expected(outcome):
    shown = outcome.notebook.cells[-1].outputs[0].text
    assert "SEEN [" in shown and "28.5" in shown  # the look itself works
    assert "28.27" not in shown and "0.75" not in shown


@pytest.mark.parametrize(
    ("source", "some"),
    [
        ("class A:\n    def __add__(s, o): pass\n    def __rsub__(s, o): pass", {"__add__", "__sub__"}),
        ("class A:\n    def __eq__(s, o): return 1", {"__eq__", "__ne__"}),
        ("class A:\n    def add(s): return s\n    __iadd__ = add", {"__add__"}),
        ("class A: pass\nclass B(A, object): pass\nclass C(ValueError): pass", set()),
        ("def area(r): return r", set()),
    ],
)
def test_the_operators_of_the_courses_own_classes(source, some):
    assert special_methods(ast.parse(source).body) == some


@pytest.mark.parametrize(
    "source", ["@dataclass\nclass A: x: int", "class A(UserList): pass", "class A(x.B): pass"]
)
def test_a_decorator_or_a_base_may_bring_operators(source):
    assert {"__eq__", "__lt__"} <= special_methods(ast.parse(source).body)


PARTNER = """# %% plain a
import math
# %% solution ring
class Ring:
    def __init__(self, n): self.n = n
    def __eq__(self, other): return self.n == other.n
    def __sub__(self, other): return Ring(self.n - other.n)
    def __abs__(self): return abs(self.n)
# %% test ring 2
assert Ring(3) == Ring(3) and abs(Ring(5) - Ring(3)) == 2
# %% solution plus
def plus(n): return Ring(n)
# %% test plus 1
assert abs(plus(3) - 3) < 1e-9
"""


def test_a_class_of_the_answer_has_its_operators_but_not_with_a_value():
    with Zygote() as zygote, Judges(answer_key(PARTNER)) as judges:
        run = execute(zygote, judges, "nb", submission(PARTNER, ""), Limits(), seed=3)
    assert run.verdicts["test_ring"].points == 2
    assert run.verdicts["test_plus"].points == 0
    assert "arithmetic of the student's Ring object with a value" in run.verdicts["test_plus"].detail
