"""What an answer may keep from one call to the next, and which tests know nothing of each other."""

import pytest
from small_course import TEST_SHARE, source_notebook

from grader.notebook.lasting import keeps_nothing
from grader.notebook.planner import make_plan
from grader.notebook.separation import test_groups as groups_of

PURE = [
    "def f(x):\n    y = np.zeros(3)\n    y[0] = x\n    return [g(v) for v in y]",
    "H = 1e-5\ndef f(x, h=H):\n    return (g(x + h) - g(x)) / h",
    "class Net:\n    size = 3\n    def __init__(self):\n        self.w = {}\n    def step(self, k):\n"
    "        self.w[k] = g(k)\ndef f(x):\n    net = Net()\n    net.step(x)\n    return net.w",
    "def f(n, seed):\n    return np.random.default_rng(seed).normal(size=n)",
    "from math import exp\ndef f(x):\n    return exp(x)",
    "data = load()\nprint(data)\ndef f(x):\n    return x",
]
LASTING = [
    "calls = []\ndef f(x):\n    calls.append(x)",
    "n = 0\ndef f(x):\n    global n\n    n += 1",
    "def f(x, seen=[]):\n    seen.append(x)",
    "def f(x, seen={}):\n    return seen.setdefault(x, x)",
    "def f(x):\n    f.calls += 1",
    "from functools import lru_cache\n@lru_cache\ndef f(x):\n    return x",
    "class Net:\n    made = []\ndef f(x):\n    Net.made.append(x)",
    "class Net:\n    n = 0\n    def __init__(self):\n        type(self).n += 1\ndef f(x):\n    return Net()",
    "def f(x):\n    return np.random.rand()",
    "w = np.random.rand()\ndef f(x):\n    return x",
    "import random\ndef f(x):\n    return x",
    "def f(x):\n    np.seterr(all='raise')",
    "np.dot = min\ndef f(x):\n    return x",
    "rng = np.random.default_rng(0)\ndef f(x):\n    return rng.normal()",
    "def g2(x):\n    cache[x] = x\ncache = {}\ndef f(x):\n    return g2(x)",
    "import torch\ndef f(x):\n    return torch.rand(3)",
    "def make():\n    n = []\n    def f(x):\n        n.append(x)\n    return f\nf = make()",
    "def f(x):\n    exec('calls.append(1)')",
    "from helper import *",
    "def f(x:\n",
    "net = Net()\nf = net",
]
GIVEN = "import numpy as np\ndef g(x):\n    return x * 2"


@pytest.mark.parametrize("answer", PURE)
def test_an_answer_that_keeps_nothing(answer):
    assert keeps_nothing([GIVEN, answer], ["f", "missing"])


@pytest.mark.parametrize("answer", LASTING)
def test_an_answer_that_may_keep_something(answer):
    assert not keeps_nothing([GIVEN, answer], ["f"])


APART = [{"test_relu"}, {"test_share"}]
TOGETHER = [{"test_relu", "test_share"}]


def _named(**sources):
    nb = source_notebook()
    for cell in nb.cells:
        cell.source = sources.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    return make_plan(nb, whole=True)


@pytest.mark.parametrize(
    ("sources", "groups"),
    [
        ({}, APART),
        ({"setup": "import numpy as np\nX = np.ones(3)", "test_share": "share(X)"}, APART),
        ({"test_share": f"assert tag\n{TEST_SHARE}"}, TOGETHER),
        ({"test_share": "earned += 1\nearned", "test_relu": "earned = 0\nrelu(earned)"}, TOGETHER),
        ({"setup": "X = []", "test_share": "share(X)", "test_relu": "relu(X)"}, TOGETHER),
        ({"setup": "X = []\nY = X", "test_share": "share(X)", "test_relu": "relu(Y)"}, TOGETHER),
        (
            {"setup": "X = []\ndef h(): return X", "test_share": "share(h())", "test_relu": "relu(X)"},
            TOGETHER,
        ),
        ({"test_relu": "np.dot = relu"}, TOGETHER),
        ({"test_relu": "open('x', 'w').write(relu('a'))"}, TOGETHER),
        ({"test_relu": "max = relu\nmax(1)", "test_share": "max(share(1), 2)"}, TOGETHER),
        ({"setup": "import numpy as np\nnp.random.seed(0)"}, TOGETHER),
        ({"test_relu": "z = 1\nrelu(z)", "share": "def share(x):\n    return x * z"}, TOGETHER),
    ],
)
def test_which_tests_run_together(sources, groups):
    assert [set(group) for group in groups_of(_named(**sources))] == groups
