"""Idioms of test cells on answers of every kind, and what cannot cross to the judge."""

IDIOMS = {
    "callback": "np.testing.assert_allclose(numerical_gradient(lambda v: (v**2).sum(), x), 2 * x, rtol=1e-5)",
    "class and seeded global state": """
np.random.seed(0)
layer = Dropout(0.5)
out = layer.forward(np.ones((2, 3)))
np.random.seed(0)
mask = (np.random.rand(2, 3) > 0.5) / 0.5
np.testing.assert_array_equal(out, mask)
np.testing.assert_array_equal(layer.mask, mask)""",
    "keyword arguments": "assert np.allclose(numerical_gradient(h=1e-5, f=np.sum, x=np.ones(2)), 1)",
    "the global state goes on": """
np.random.seed(5); draw(3); a = np.random.rand()
np.random.seed(5); np.random.randn(3); assert a == np.random.rand()""",
    "a spare normal deviate": """
np.random.seed(5); draw(1); draw(1); draw(1); a = np.random.randn()
np.random.seed(5); np.random.randn(3); assert a == np.random.randn()""",
    "a generator keeps its state": """
rng = np.random.default_rng(3); a, b = draw_from(rng, 3), draw_from(rng, 3)
own = np.random.default_rng(3); assert (a == own.normal(size=3)).all() and (b == own.normal(size=3)).all()""",
    "a callback draws from the generator it is given": """
got = drawing(lambda rng: float(rng.random()), np.random.default_rng(3))
assert got == list(np.random.default_rng(3).random(3))""",
    "a callback is given one object twice": """
a, b = np.zeros(2), np.ones(2)
assert handing_on(lambda p, q: p is q and p.sum(), a, b) == 2""",
    "a RandomState keeps its state": """
rng = np.random.RandomState(3); a = draw_from(rng, 3)
own = np.random.RandomState(3); assert (a == own.normal(size=3)).all() and rng.rand() == own.rand()""",
    "python's random": """
import random
random.seed(1); assert random.random() == random.Random(1).random()""",
    "try and except": """
try: refuse_negative(-1); assert False
except ValueError as error: assert "negative" in str(error) and type(error).__name__ == "Negative" """,
    "assert_raises": "np.testing.assert_raises(ValueError, refuse_negative, -1)",
    "pytest.raises": "import pytest\nwith pytest.raises(ValueError, match='negative'): refuse_negative(-1)",
    "an exception of the test's passes through": """
class Mine(Exception): pass
def f(v): raise Mine("deep")
try: apply([f], 1); assert False
except Mine as error: assert str(error) == "deep" """,
    "returns the same object": """
y = np.ones(2); assert same(y) is y
z = [y]; assert same(z) is z and same(z)[0] is y""",
    "shares memory": """
y = np.arange(4.0); v = first_two(y); assert np.shares_memory(v, y)
v[0] = 7; assert y[0] == 7""",
    "does not share memory": """
y = np.arange(4.0); assert not np.shares_memory(numerical_gradient(np.sum, y), y)""",
    "in place, asked for": """
# inplace
p = {"W": np.ones(3)}; w = p["W"]; sgd(p, {"W": np.ones(3)}); assert np.allclose(p["W"], 0.9) and p["W"] is w
y = np.zeros(2); assert add_one(y) is y and y[0] == 1
items = [1, 2]; reverse(items); assert items == [2, 1]""",
    "callbacks in a list": "assert apply([lambda v: v + 1, np.sqrt, abs, float], 8) == 3",
    "operators of student objects": """
v = Vector(1, 2) + Vector(3, 4)
assert v.a == 4 and v == Vector(4, 6) and v != Vector(0, 0)
assert list(v) == [4, 6] and len(v) == 2 and v[1] == 6 and float(v) == 4.0""",
    "a context manager": "v = Vector(5, 6)\nwith v as a: assert a == 5\nassert v.a == 0",
    "isinstance and callable": """
v = Vector(1, 2)
assert isinstance(v, Vector) and not isinstance(v, Dropout) and not isinstance(3, Vector)
assert isinstance(Dropout, type) and callable(draw)
assert "Inverted" in Dropout.__doc__ and draw.__name__ == "draw"
assert type(v).__name__ == "Vector" and issubclass(Negative, Negative)""",
    "a generator function": "assert list(squares(4)) == [0, 1, 4, 9] and next(squares(2)) == 0",
    "a call ends no loop of the test": """
try: passed = all(map(lambda v: stop(v) == v, [1, 2]))
except Exception as error: passed = type(error).__name__
assert passed == "StopIteration" """,
    "a closure that was returned": "assert compose(lambda v: v + 1, lambda v: 2 * v)(5) == 11",
    "a plain value": "assert LIMIT == 0.25 and type(LIMIT) is float",
    "setting an attribute": "layer = Dropout(0.1); layer.p = 0.9; assert layer.p == 0.9",
    "changing an attribute in place": """
layer = Dropout(0.1); layer.params["W"] -= 0.5; assert layer.sum_w() == 1.5""",
    "editing what was fetched": """
layer = Dropout(0.1); w = layer.params["W"]
w[0] = 10
assert layer.sum_w() == 12.0""",
    "gradient of a student's parameters": """
layer = Dropout(0.1); w = layer.params["W"]; old = w[1]
w[1] = old + 1e-3; high = layer.sum_w()
w[1] = old - 1e-3; low = layer.sum_w()
assert abs((high - low) / 2e-3 - 1) < 1e-9""",
    "types are exact": """
assert type(numerical_gradient(np.sum, x)) is np.ndarray and type(same(np.float32(2))) is np.float32
assert type(same(3)) is int and type(same(True)) is bool and type(same(np.True_)) is np.bool_
assert same((1, [2])) == (1, [2]) and type(same((1,))) is tuple and same(None) is None
assert pair() == {"a": (1, 2.5), "b": [1.0, "x"]} and type(pair()["b"][0]) is np.float32""",
    "np.vectorize": "assert np.array_equal(np.vectorize(refuse_negative)([1, 2]), [1, 2])",
    "sorted with a key": "assert sorted([3, 1, 2], key=refuse_negative) == [1, 2, 3]",
    "inspect.signature": """
import inspect
assert list(inspect.signature(numerical_gradient).parameters) == ["f", "x", "h"]""",
    "an object of the test's": """
class Fake:
    def __call__(self, v): return 1
assert apply([Fake()], 2) == 1""",
    "a figure": "fig, ax = plot(); assert ax.get_title() == 'T' and list(ax.lines[0].get_ydata()) == [3, 4]",
    "a test that draws": "import matplotlib.pyplot as plt; plt.plot([1, 2]); assert plt.gca().lines",
    "inspect.getsource": """
import inspect
assert "np.random.randn(n)" in inspect.getsource(draw) and "for" not in inspect.getsource(draw)
assert inspect.getsource(Vector.__len__).strip() == "def __len__(self): return 2"
assert inspect.getsource(Negative) == "class Negative(ValueError): pass\\n"
lines, first = inspect.getsourcelines(Dropout.sum_w); assert "def sum_w" in lines[0] and first > 1""",
    "text of the test's own": 'assert eval("1 + 1") == 2 and same(eval("x"))[3] == 3',
    "printed text": """
import contextlib, io, sys
say("before"); text = io.StringIO()
with contextlib.redirect_stdout(text): say("to the test"); print("own")
say("after"); assert text.getvalue() == "to the test\\nown\\n"
kept, sys.stdout = sys.stdout, io.StringIO(); say("again")
said, sys.stdout = sys.stdout.getvalue(), kept
assert said == "again\\n" """,
    "nothing printed": """
import contextlib, io
say("before"); text = io.StringIO()
with contextlib.redirect_stdout(text): draw(1)
assert text.getvalue() == "" """,
    "values of the standard library": """
import datetime
from array import array
from collections import ChainMap, Counter, OrderedDict, defaultdict, deque, namedtuple
from collections import UserDict, UserList, UserString
from decimal import Decimal
from fractions import Fraction
P = namedtuple("P", "x y")
for value in (Fraction(1, 3), Decimal("1.10"), datetime.date(2024, 2, 29), datetime.time(1, 2), P(1, [2]),
              datetime.datetime(2024, 2, 29, 12, 30, 1, 5), datetime.timedelta(hours=30), deque([1, 2], 5),
              Counter("aab"), OrderedDict([("b", 1), ("a", 2)]), defaultdict(list, a=[1]), array("d", [0.5]),
              ChainMap({"a": 1}, {"a": 2, "b": 3}), UserDict(a=1), UserList([1, 2]), UserString("text")):
    again = made_over(value)
    assert again == value and type(again).__name__ == type(value).__name__ and again is not value, value
    assert made_over((value, 1))[0] == value
import re
assert made_over(re.compile("a+", re.I)).fullmatch("aA")
assert made_over(P(1, 2)).y == 2 and made_over(Counter("aab"))["z"] == 0
assert made_over(Counter("aab")).most_common(1) == [("a", 2)] and isinstance(made_over(Counter("a")), Counter)
assert made_over(deque([1], 5)).maxlen == 5 and made_over(defaultdict(list))["new"] == []
assert list(made_over(OrderedDict([("b", 1), ("a", 2)]))) == ["b", "a"]
assert same(deque([1])) == deque([1]) and str(made_over(Decimal("1E+5"))) == "1E+5" """,
    "a Counter changed in place": """
# inplace
from collections import Counter, deque
c, q = Counter("ab"), deque([1]); tally(c, q); assert c == Counter("aab") and q == deque([1, 9])""",
    "nested callbacks": "assert apply([lambda v: apply([lambda w: w * 2], v) + 1], 5) == 11",
    "display and magics": "%matplotlib inline\nfrom IPython.display import display; display(1)",
    "the environment": """
import os
assert os.environ["GRADER_SEED"] == "7" and os.environ["NBGRADER_EXECUTION"] == "autograde" """,
    "counting steps": """
from cs231nlib.gradient_check import vectorised
make = lambda n: (np.ones((n, 3)),)
assert vectorised(same, make) == 1.0
try: vectorised(looping, make); assert False
except AssertionError as error: assert "loop over the examples" in str(error)""",
    "a file beside the notebook": "assert open('data.txt').read() == 'beside'",
    "a module beside the notebook": "import helper_module; assert helper_module.VALUE == 'ours'",
}

CANNOT = {
    "source": ("import inspect; inspect.getsource(compose(abs, abs))", "<lambda> stands in no cell"),
    "evaluating": ('exec(same("w =" + str(1)))', "exec() of a text that came from elsewhere"),
    "subclass": ("class Mine(Dropout): pass", "subclassing the student's Dropout"),
    "raw bytes": ("raw_bytes()", "an array of dtype |V3 cannot be checked"),
    "compare": ("assert Vector(1, 2) == 3", "comparing the student's Vector object with a value"),
    "subtract": ("assert abs(agree() - 14) < 1e-9", "arithmetic of the student's Agreeable object"),
    "subtract from": ("assert abs(np.float64(14) - agree()) < 1e-9", "arithmetic of the student's Agreeable"),
    "membership": ("assert 2 in agree() and 14 not in agree()", "the student's own __contains__"),
    "as array": ("np.asarray(Vector(1, 2))", "got an object of the student's class Vector"),
    "assert_equal": ("np.testing.assert_array_equal(Vector(1, 2), [1, 2])", "student's class Vector"),
    "mock": ("from unittest import mock\nwith mock.patch('numpy.zeros'): pass", "mock.patch"),
    "gca": ("import matplotlib.pyplot as plt\nplot()\nplt.gca()", "plt.gca"),
    "a class of the test's": ("class Mine: pass\nsame(Mine)", "a Mine cannot be handed to student code"),
    "an expected TypeError": (
        "class Thing: pass\ntry: same(Thing())\nexcept TypeError: pass",
        "a Thing cannot be handed to student code",
    ),
    "an exception that did not come": (
        "import pytest\nwith pytest.raises(ValueError): same(1)",
        "DID NOT RAISE",
    ),
    "an expected exception": (
        "import pytest\nwith pytest.raises(Exception): same(object())",
        "a object cannot be handed to student code",
    ),
    "a bare except": ("class Thing: pass\ntry: same(Thing())\nexcept: pass", "a Thing cannot be handed"),
    "an exception of a callback's": (
        "def f(v): return v == 3\ntry: apply([f], Vector(1, 2))\nexcept Exception: pass",
        "comparing the student's Vector object",
    ),
    "a global of the test's": ("LIMIT = 5\nassert over(4) == False", "LIMIT"),
}
