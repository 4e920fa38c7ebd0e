"""Which names a cell binds and which it needs, by Python's own rules of scope."""

import pytest

from grader.notebook.bindings import ANY, bound
from grader.notebook.names import defined, free_in, mentioned, used
from grader.notebook.syntax import MAX_PARSED, parse

CASES = {  # what a cell holds -> (binds, needs)
    "squares = [n * n for n in numbers]": ({"squares"}, {"numbers"}),
    "total = sum(n for n in a for m in b(n))": ({"total"}, {"a", "b"}),
    "if any((hit := n) > 3 for n in numbers): print(hit)": ({"hit"}, {"numbers"}),
    "try:\n    f()\nexcept ValueError as error:\n    print(error)": (set(), {"f"}),
    "try:\n    f()\nexcept ValueError as error:\n    kept = error": ({"kept"}, {"f"}),
    "del old": (set(), {"old"}),
    "from math import *": ({ANY}, set()),
    "import os.path as p, sys": ({"p", "sys"}, set()),
    "for i, (a, b) in enumerate(pairs):\n    last = a": ({"i", "a", "b", "last"}, {"pairs"}),
    "with open(path) as file:\n    text = file.read()": ({"file", "text"}, {"path"}),
    "def f(x, *, k=start):\n    y = x + later\n    return [y for z in x]": ({"f"}, {"start", "later"}),
    "def f():\n    global count\n    count = count + 1": ({"f"}, {"count"}),
    "class A(Base):\n    n = size\n    def m(self): return self.n + shift": (
        {"A"},
        {"Base", "size", "shift"},
    ),
    "x += step": ({"x"}, {"step"}),
    "match thing:\n    case [first, *rest]: pass\n    case {'k': v, **more}: pass": (
        {"first", "rest", "v", "more"},
        {"thing"},
    ),
    "f = lambda n: n + shift": ({"f"}, {"shift"}),
    "%time fast = slow(3)": ({"fast"}, {"slow"}),
    "%%capture out\nshown = show(1)": ({"out", "shown"}, {"show"}),
    "%%timeit\ng(1)": (set(), {"g"}),
    "files = !ls": ({"files"}, set()),
    "%matplotlib inline\nx = y": ({"x"}, {"y"}),
    "%run other.py": ({ANY}, set()),
    "%%writefile module.py\nx = y": (set(), set()),
    "def broken(:": (set(), set()),
}


@pytest.mark.parametrize("source", CASES)
def test_a_cell_binds_and_needs(source):
    binds, needs = CASES[source]
    assert (set(defined(source)), used(source)) == (binds, needs)


@pytest.mark.parametrize("source", [source for source in CASES if source.startswith("%")])
def test_a_magic_reads_the_same_once_ipython_has_made_a_call_of_it(source):
    from IPython.core.inputtransformer2 import TransformerManager

    binds, needs = CASES[source]
    made = TransformerManager().transform_cell(source)
    assert set(defined(made)) == binds and used(made) - {"get_ipython"} == needs


def test_python_agrees_about_what_is_bound():
    """The near miss of a reader of its own: running the cell binds the same names."""
    given = {
        "numbers": [1, 5],
        "pairs": [(1, (2, 3))],
        "thing": [1, 2],
        "old": 1,
        "f": int,
        "x": 1,
        "step": 2,
    }
    for source, (binds, needs) in CASES.items():
        if ANY in binds or "%" in source or "!" in source or needs - given.keys() or not parse(source).body:
            continue
        names = dict(given)
        exec(source, names)
        new = {name for name in names if name not in given or names[name] is not given[name]}
        assert new - {"__builtins__"} <= binds, source


def test_what_a_statement_needs_is_read_before_it_is_bound():
    body = parse("x = y\nz = x + w\nfor i in x: q = i").body
    assert free_in(body) == {"y", "w"}
    assert set(bound(body[2])) == {"i", "q"}


def test_every_word_counts_where_nothing_can_be_read():
    assert mentioned("x = np.mean(y)  # not z") == {"x", "np", "mean", "y"}
    assert mentioned("x = = oops") == {"x", "oops"}
    assert mentioned("x = 1", most=3) == {"x"}


def test_long_and_deep_texts_are_not_read():
    assert parse("x = 1\n" * MAX_PARSED).body == []
    assert defined("(" * 5_000) == defined("-" * 50_000 + "1") == []


@pytest.mark.parametrize("depth", [500, 2_000, 5_000, 20_000])
@pytest.mark.parametrize("nested", ["x = {0}1", "x = y{1}", "x = {2}{3}"])
def test_no_nesting_is_too_deep(nested, depth):
    source = nested.format("-" * depth, ".a" * depth, "[" * min(depth, 150), "]" * min(depth, 150))
    assert defined(source) in (["x"], []) and "x" in mentioned(source)
