"""Inside, in the student's process: plain forgeries earn nothing, and hidden lines do not stay."""

import json

import pytest
from foreign_course import ASSIGNMENT, grade, points, write
from two_questions import HALF, SOURCE, WHOLE_TESTED, graded

from grader.records import Place

FORGERIES = {
    "builtins": "import builtins\nbuiltins.AssertionError = ValueError\nbuiltins.all = lambda x: True",
    "numpy": "import numpy as np\nnp.allclose = np.testing.assert_allclose = lambda *a, **k: True",
    "asserts cut out": (
        "import ast\nclass Cut(ast.NodeTransformer):\n    def visit_Assert(self, node):\n"
        "        return ast.Pass()\nget_ipython().ast_transformers.append(Cut())"
    ),
    "another text": (
        "shell = get_ipython()\nplain = type(shell).transform_cell\n"
        "def transform_cell(self, text):\n    return plain(self, text.replace('assert', 'x = '))\n"
        "type(shell).transform_cell = transform_cell\n"
        "shell.transform_cell = lambda text: transform_cell(shell, text)"
    ),
    "numbers of descriptors": (
        "import os\ndef half(x):\n    for fd in range(3, 64):\n        try:\n"
        "            os.write(fd, b'\\x10\\0\\0\\0' + bytes(16))\n        except OSError:\n            pass"
    ),
    "names": (
        "class np:\n    ones = staticmethod(list)\n    allclose = staticmethod(lambda *a: True)\n"
        "all = lambda x: True"
    ),
    "its variable": "def half(x):\n    global points\n    points = 1",
    "another last value": (
        "shown = get_ipython().display_formatter\nfor kind in (int, float):\n"
        "    shown.formatters['text/plain'].for_type(kind, lambda value, p, cycle: p.text('1'))\n"
        "    shown.ipython_display_formatter.for_type(kind, lambda value: True)\n"
        "def half(x):\n    return x / 2 if isinstance(x, int) else x"
    ),
    "values of its own": (
        "def half(x):\n    get_ipython().run_cell('1.0')\n    return x / 2 if isinstance(x, int) else x"
    ),
    "a flood": (
        "def half(x):\n    for _ in range(300):\n        get_ipython().displayhook(1.0)\n"
        "    print('x' * 3_000_000)\n    return x / 2 if isinstance(x, int) else x"
    ),
    "an object equal to all": (
        "class Yes(float):\n    __eq__ = lambda self, other: True\n    __sub__ = lambda self, other: 0.0\n"
        "    __array__ = lambda self, *a, **k: np.array(0.5)\ndef half(x):\n    return Yes(1)"
    ),
    "an end": "import os\ndef half(x):\n    os._exit(0)",
    "a decent end": "def half(x):\n    raise SystemExit(0)",
    "no end": "def half(x):\n    while True:\n        pass",
}


SPY = """\
import gc
def seen(words):
    texts = (text for o in gc.get_objects() if isinstance(o, (list, tuple)) for text in o)
    return any(isinstance(text, str) and words in text and "gc" not in text for text in texts)
hidden, visible = "".join(["op", "en", "sesame"]), "".join(["return x", " / 2"])
print(f"seen {seen(hidden):d}, of the answer {seen(visible):d}")
def whole(x):
    return int(x)
"""


@pytest.mark.parametrize("lines", ["", "### BEGIN HIDDEN TESTS\nassert half(8) == 4\n### END HIDDEN TESTS\n"])
def test_plain_forgeries_earn_nothing_inside(tmp_path, lines):
    test = (
        "points = 0\nif np.allclose(half(np.ones(3)), 0.5):\n    points += 1\n"
        "if all([half(3) == 1.5]):\n    points += 1\nassert points > 0\n"
    )
    text = f"#% plain\nimport numpy as np\n{HALF}#% test 1\n{test}{lines}points / 2\n{WHOLE_TESTED}"
    settings = 'c.Grader.inside = ["test1"]\nc.Grader.cell_seconds = 4\n'
    course = write(tmp_path, text, settings)
    wrong = "\ndef half(x):\n    return x"
    answers = {
        name: {"solution1": source if "half" in source else source + wrong, "solution2": "whole = int"}
        for name, source in FORGERIES.items()
    }
    honest = {
        "solution1": "np = all = points = 'mine'\ndef half(x):\n    return x / 2",
        "solution2": "whole = int",
    }
    _summary, marks = graded(course, answers | {"honest": honest})
    assert marks.pop("reference") == marks.pop("honest") == [1.0, 1.0]
    for half_right in ("another last value", "values of its own", "a flood"):
        assert marks[half_right].pop(0) == 0.5
        marks[half_right].insert(0, 0.0)
    assert {student: first for student, (first, _second) in marks.items()} == dict.fromkeys(marks, 0.0)
    assert [marks[name][1] for name in answers] == [1.0] * len(answers)  # the next question goes on


YES = "yes = lambda *a, **k: True\n"
LATE = "\ndef half(x):\n    {}\n    return x"
REPLACING = {
    "a function, in the call": YES + LATE.format("np.allclose = yes"),
    "its code, before": YES + "np.allclose.__wrapped__.__code__ = yes.__code__",
    "its code, in the call": YES + LATE.format("np.allclose.__wrapped__.__code__ = yes.__code__"),
    "its defaults": "np.allclose.__wrapped__.__defaults__ = 1e9, 1e9, False",
    "what it calls": YES + "import numpy._core.numeric as numeric\nnumeric.isclose = yes",
    "how modules are found": YES
    + (
        "import importlib, types\nlie = types.SimpleNamespace(allclose=yes, ones=list)\n"
        "importlib.import_module = lambda name: lie"
    ),
    "its builtins": (
        "import builtins, types\nclass Lie(types.ModuleType):\n    allclose = staticmethod(lambda *a: True)\n"
        "    ones = staticmethod(np.ones)\n    isclose = staticmethod(lambda *a: True)\n"
        "__builtins__ = dict(vars(builtins), __import__=lambda name, *a: Lie(name))"
    ),
    "what looks at claims": LATE.format(
        "kind = type(globals()['__claims__'])\n    kind.met = lambda self, number, first, value: 0.5"
    ),
    "a trace that jumps": (
        "import sys\ndef jump(frame, event, arg):\n    if frame.f_code.co_name == '<module>':\n"
        "        frame.f_lineno = max(line for *_, line in frame.f_code.co_lines() if line)\n"
        "    return jump\nsys.settrace(jump)"
    ),
    "a thread": YES
    + (
        "import threading\ndef work():\n    while True:\n        np.allclose = yes\n"
        "threading.Thread(target=work, daemon=True).start()"
    ),
}


def test_what_a_test_calls_is_not_replaced_before_it_or_while_it_runs(tmp_path):
    """What the course's own test replaces, it may."""
    test = "import math\nmath.sqrt = None\ngot = half(np.ones(3))\nassert np.allclose(got, 0.5)\npass\n"
    text = f"#% plain\nimport numpy as np\n{HALF}#% test 1\n{test}{WHOLE_TESTED}"
    course = write(tmp_path, text, 'c.Grader.inside = ["test1"]\nc.Grader.cell_seconds = 4\n')
    wrong = "\ndef half(x):\n    return x"
    answers = {
        name: {"solution1": source + wrong * ("half" not in source), "solution2": "whole = int"}
        for name, source in REPLACING.items()
    }
    _summary, marks = graded(course, answers)
    assert marks.pop("blank") == [0.0, 0.0]
    assert marks.pop("reference") == [1.0, 1.0]
    assert {student: first for student, (first, _second) in marks.items()} == dict.fromkeys(answers, 0.0)
    assert [second for _first, second in marks.values()] == [1.0] * len(answers)


HELPERS = """\
#% plain
calls = 0
def near(a, b, places=7):
    global calls
    calls += 1
    return round(abs(a - b), places) == 0
def check(f, max):
    assert near(f(3), max), "not half"
def twice(f, x):
    def near(a):
        return 2 * f(a) == x
    assert near(x)
def checker(f):
    return lambda max: near(f(3), max)
"""
REDEFINED = {
    "a helper": "def check(f, max):\n    pass",
    "what it calls": "near = lambda *a: True",
    "a builtin that it calls": "round = lambda *a: 0",
    "an object with a difference of 0": (
        "class Yes(float):\n    __sub__ = lambda self, other: 0.0\ndef half(x):\n    return Yes(9)"
    ),
}


def test_a_helper_of_plain_cells_is_not_the_students_to_redefine(tmp_path):
    """A name that an answer of the course's mentions is: `double` may be the student's."""
    text = (
        f"{HELPERS}#% plain\ndef double(x):\n    return x + x\n{HALF}{WHOLE_TESTED}"
        "#% solution\n### BEGIN SOLUTION\nfour = double(2)\n### END SOLUTION\n"
        "#% test 1\ncheck(half, 1.5)\ncheck(f=half, max=1.5)\ntwice(half, 4)\nassert calls == double(1)\n"
        "made = checker(half)\n#% test 1\nassert made(1.5)\n"
    )
    course = write(tmp_path, text, 'c.Grader.inside = ["test2", "test3"]\n')
    wrong = "def half(x):\n    return x"
    answers = {name: {"solution1": f"{wrong}\n{redefined}"} for name, redefined in REDEFINED.items()}
    right = {"solution1": "def half(x):\n    return x / 2\nnear = check = None"}
    own = {"solution3": "def double(x):\n    return 2 * x"}
    whole = {"solution2": "whole = int"}
    answers |= {"right": right | own}
    _summary, marks = graded(course, {name: whole | own | answer for name, answer in answers.items()})
    assert {name: min(mark[1:]) for name, mark in marks.items()} == dict.fromkeys(answers, 0.0) | {
        "reference": 1.0,
        "right": 1.0,
        "blank": 0.0,
    }


def test_hidden_lines_are_gone_when_later_cells_run(tmp_path):
    hidden = "### BEGIN HIDDEN TESTS\nassert half(7) == 3.5, 'opensesame'\n### END HIDDEN TESTS\n"
    text = f"{HALF}#% test 1\n{SOURCE}{hidden}{WHOLE_TESTED}"
    course = write(tmp_path, text)
    answers = {"solution1": "def half(x):\n    return x / 2", "solution2": SPY}
    summary, _marks = graded(course, {"spy": answers})
    assert summary.survey["nb"].places == {"test1": Place.INSIDE}
    nb = json.loads((course / "autograded" / "spy" / ASSIGNMENT / "nb.ipynb").read_text())
    (printed,) = [cell["outputs"][0]["text"] for cell in nb["cells"] if "gc.get" in "".join(cell["source"])]
    assert "".join(printed) == "seen 0, of the answer 1\n"


def test_a_course_with_a_decorated_class_believes_no_other_class(tmp_path):
    text = """
#% plain
from dataclasses import dataclass
@dataclass(frozen=True)
class Job:
    hours: int = 1
#% solution
### BEGIN SOLUTION
class Day:
    def __init__(self, jobs):
        self.jobs = jobs
    def is_short(self):
        return sum(job.hours for job in self.jobs) < 5
### END SOLUTION
#% test 2
assert Day([Job(2)]).is_short() == True
assert Day([Job(9)]).is_short() == False
"""
    day = "class Day:\n    def __init__(self, jobs):\n        self.jobs = jobs\n    def is_short(self):\n"
    yes = f"class Yes:\n    __eq__ = lambda self, other: True\n{day}        return Yes()"
    hours = "class Hours(int):\n    def __lt__(self, other):\n        return int(self) < other\n"
    own = f"{hours}{day}        return Hours(sum(job.hours for job in self.jobs)) < 5"
    runs = grade(write(tmp_path, text), {"yes": {"solution1": yes}, "own": {"solution1": own}})
    assert {name: points(run) for name, run in runs.items()} == {
        "reference": [2], "blank": [0], "yes": [0], "own": [2]
    }  # fmt: skip
    assert {score.where for _, score in runs["yes"].scores} == {Place.INSIDE}
