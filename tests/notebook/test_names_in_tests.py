"""Which names of a test are not the student's to redefine, and which variables are the test's alone."""

import pytest
from questions import notebook

from grader.notebook.planner import make_plan

ANSWER = "def f(x):\n    return x"
CASES = {  # a plain cell, an answer, a test -> (given, own)
    ("import numpy as np", ANSWER, "n = 0\nn += np.sum(f(1))\nassert abs(n)"): ({"np", "abs"}, {"n"}),
    ("import os.path", ANSWER, "assert os.path.join(f('a'))"): ({"os"}, set()),
    ("from math import *", ANSWER, "assert pow(f(1), 2) == 1"): (set(), set()),  # perhaps the one of math
    ("from math import pow", ANSWER, "assert pow(f(1), 2) == 1"): ({"pow"}, set()),
    ("n = 3", ANSWER, "n = f(2)\nassert n"): (set(), set()),  # a plain cell's, too
    ("import math as m", "def f(x):\n    m = x\n    return m\nm = 1", "assert m.pi"): (set(), set()),
    ("", "def f(x):\n    return x\nsum = f", "assert sum([1])"): (set(), set()),  # it is asked for
    ("", ANSWER, "len = f\nassert len(1)"): (set(), {"len"}),
    ("", ANSWER, "low = 1\ntable.query('a > @low')\nfor row in f(1): pass"): (set(), {"row"}),
    ("", ANSWER, "low = f(1)\nassert low, f'low is {low}'\nprint('low')"): (set(), {"low"}),
    ("", ANSWER, "a = 1\nassert f(globals()['a'])"): ({"globals"}, set()),
    ("", ANSWER, "class T:\n    size = f(1)\nsize = T().size"): (set(), set()),
    ("", ANSWER, "def g(k):\n    return k\nk = g(k=f(1))"): (set(), set()),
    ("", ANSWER, "def g():\n    global seen\n    seen = f(1)\nseen = 0\ng()"): (set(), {"seen"}),
    ("def eq(a):\n    assert len(a)", ANSWER, "eq(f(1))"): ({"eq", "len"}, set()),
    ("def eq(a):\n    assert a", "eq(1)", "eq(f(1))"): (set(), set()),  # an answer mentions it
    ("def eq(a):\n    assert a", ANSWER, "eq(f(1))\nall = eq"): (set(), {"all"}),  # it may be changed
    ("from m import *\ndef eq(a):\n    assert a", ANSWER, "eq(f(1))"): (set(), set()),
    ("n = []\ndef eq(a, n=n):\n    assert a", ANSWER, "eq(f(1))"): (set(), set()),
}


@pytest.mark.parametrize("cells", CASES)
def test_names_that_are_not_the_students(cells):
    plain, answer, test = cells
    text = f"# %% plain p\n{plain}\n# %% solution s\n{answer}\n# %% test t 1\n{test}\n"
    (cell,) = make_plan(notebook(text), whole=True).tests.values()
    given, own = CASES[cells]
    assert (cell.names.given.keys(), cell.names.own) == (given, own)
