"""For a test inside, an object that merely says it is equal is equal to nothing; an honest one is."""

import ast
import dataclasses
from unittest.mock import ANY

import numpy as np
import pytest
from nbformat import from_dict

from grader.engine.student.claims import CLAIMS, Claims
from grader.engine.student.comparisons import Comparisons
from grader.notebook.classes import claims
from grader.notebook.planner import make_plan

COMPARISONS = """\
0.4 < half(1) < 0.6
half(4) in (2, 2.0)
2 in [half(4)]
[[half(2)], [half(4)]] == [[1], [2]]
{'a': half(2)} == {'a': 1} and {half(4)} == {2}
np.array([half(2)], object) == np.array([1])
check(want=2, got=half(4))
check_equal(*[half(4), 2])
half(Fraction(1)) == Fraction(1, 2)
abs(half(3) - 1.5) < 1e-9
np.subtract(half(4), 2) == 0
not (half(4) != 2)
half(4).equals(2)
[2] == sorted([half(4)])
"""
MATCH = "match half(4):\n    case 1 | 2: pass\n    case _: assert False"
HELPERS = """\
import numpy as np
from fractions import Fraction
class Number(float):
    def equals(self, other): return self == other
def check(got, want): return got == want
check_equal = check
"""
METHODS = """
    def yes(self, *_): return True
    __eq__ = __lt__ = __gt__ = __contains__ = equals = yes
    __hash__ = lambda self: 2
    __ne__ = lambda self, other: False
    __sub__ = __rsub__ = lambda self, other: 0.0
"""
LIES = {
    "a float": f"class Yes(float):{METHODS}\nhalf = lambda x: Yes(1)",
    "a class of a text's": f"class Yes:{METHODS}\nhalf = lambda x: Yes()",
    "a class of a library's name": f"class Yes:{METHODS}\nYes.__module__ = 'numpy'\nhalf = lambda x: Yes()",
    "another's method": "class Yes(list):\n    __eq__ = __lt__ = __gt__ = __contains__ = equals = list.__ne__"
    "\n    __hash__ = int\n    __ne__ = list.__eq__\nhalf = lambda x: Yes()",
    "a method of C's": "class Yes(list):\n    __eq__ = __lt__ = __gt__ = equals = list.__ne__"
    "\n    __hash__ = int\nYes.__module__ = 'numpy'\nhalf = lambda x: Yes()",
    "a class itself": f"class Kind(type):{METHODS}\nhalf = lambda x: Kind('Yes', (), {{}})",
    "masked entries": "half = lambda x: np.ma.masked_all(1) if isinstance(x, int) else np.ma.masked",
    "a mock": "from unittest.mock import MagicMock\n"
    "half = lambda x: MagicMock(__eq__=lambda *_: True, __lt__=lambda *_: True, __gt__=lambda *_: True)",
}
FILES = {"a float": "<ipython-input-1>", "a class itself": "made.py"}


def passes(answer: str, test: str, file: str = "<string>") -> bool:
    names: dict = {"__name__": "__main__", CLAIMS: Claims(tuple(claims(())), ("Number",), (), False)}
    exec(HELPERS, names)
    exec(compile(answer, file, "exec"), names)
    source = f"assert {test}" if "\n" not in test else test
    tree = Comparisons().visit(ast.parse(source))
    try:
        exec(compile(tree, "test", "exec"), names)
    except Exception:
        return False
    return True


@pytest.mark.parametrize("test", [*COMPARISONS.splitlines(), MATCH])
def test_who_claims_to_be_equal_is_refused(test):
    assert passes("half = lambda x: Number(x / 2) if isinstance(x, int) else x / 2", test)
    assert not passes("half = lambda x: Number(x)", test)
    for name, lie in LIES.items():
        assert not passes(lie, test, FILES.get(name, "<string>")), name


@dataclasses.dataclass(order=True)
class Card:
    value: int


def test_what_a_library_or_a_decorator_says_of_equality_counts():
    ours = Claims(tuple(claims(())), ("_ANY",), ("test_claims",), True)
    for one, other in [
        (Card(1), 1),
        (np.ma.masked_array([1]), [1]),
        ({}.keys(), set()),
        (range(3), [0, 1, 2]),
        (np.float64(1), 1),
        ([ANY, 1], [2, 1]),
    ]:
        assert ours.met(0, True, one) is one and ours.met(0, False, other) is other


def test_the_instructors_modules_are_those_that_a_cell_imports_or_names():
    source = (
        "import vectors.parts as v\nfrom helper import *\nget_ipython().run_line_magic('run', 'shapes.py')"
    )
    cell = {"cell_type": "code", "source": source, "metadata": {}}
    nb = from_dict({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    plan = make_plan(nb, whole=True)
    assert plan.modules == {"vectors", "helper", "shapes"} and not plan.masks
    nb.cells[0].source = "import numpy as np\nx = np.ma.masked_all(3)"
    assert make_plan(nb, whole=True).masks
