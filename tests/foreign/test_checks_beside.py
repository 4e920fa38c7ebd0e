"""Checks from a module beside the notebook, and last values that are no numbers."""

import pytest
from foreign_course import grade, points, write

from grader.records import Place

HELPER = b"def check(f):\n    assert f(8) == 4, 'no half'\n    return 'All tests passed'\n"
ANSWER = "#% solution\n### BEGIN SOLUTION\ndef half(x):\n    return x / 2\n### END SOLUTION\n"
WRONG = "\ndef half(x):\n    return x"
NAME = "check = lambda f: 'All tests passed'"
FORGED = {
    "name": NAME,
    "attribute": f"import helper\nhelper.{NAME}",
    "code": "import helper\nhelper.check.__code__ = (lambda f: 'fine').__code__",
    "module": f"import sys, types\n{NAME}\nsys.modules['helper'] = types.SimpleNamespace(check=check)",
    "file": "open('helper.py', 'w').write('def check(f): pass')\nimport sys\nsys.modules.clear()",
    "value": "class Yes:\n    __eq__ = lambda self, other: True\ndef half(x):\n    return Yes()",
}
VALUES = {
    "True": 1,
    "'well done'": 1,
    "[half(8)]": 1,
    "np.arange(half(4))": 1,
    "0.5 if half(2) == 1 else 0": 0.5,
}


@pytest.mark.parametrize("plain, test", [
    ("from helper import check", "check(half)"),
    ("from helper import *", "check(half)"),
    ("import helper", "helper.check(half)"),
    ("", "from helper import check\ncheck(half)"),
])  # fmt: skip
def test_a_check_that_returns_a_text_runs_outside_where_nothing_takes_its_place(tmp_path, plain, test):
    text = f"#% plain\n{plain}\n{ANSWER}#% test 1\n{test}\n"
    answers = {
        name: {"solution1": source + WRONG * ("half" not in source)} for name, source in FORGED.items()
    }
    honest = {"solution1": "import helper\ndef half(x):\n    return 0.5 * x"}
    runs = grade(write(tmp_path, text, files={"helper.py": HELPER}), {**answers, "honest": honest})
    assert {score.where for run in runs.values() for _, score in run.scores} == {Place.OUTSIDE}
    assert points(runs.pop("reference")) == points(runs.pop("honest")) == [1]
    assert {name: points(run) for name, run in runs.items()} == {name: [0] for name in ("blank", *FORGED)}


def test_inside_a_name_of_the_students_is_not_that_of_the_module(tmp_path):
    text = f"#% plain\nfrom helper import check\n{ANSWER}#% test 1\ncheck(half)\n"
    course = write(tmp_path, text, 'c.Grader.inside = ["test1"]\n', {"helper.py": HELPER})
    runs = grade(course, {"name": {"solution1": NAME + WRONG}, "right": {"solution1": NAME + WRONG + " / 2"}})
    assert {name: points(run) for name, run in runs.items()} == {
        "reference": [1], "blank": [0], "name": [0], "right": [1]
    }  # fmt: skip


def test_a_last_value_is_worth_outside_what_it_is_in_nbgrader(tmp_path):
    tests = "".join(f"#% test 1\nassert half(6) == 3\n{value}\n" for value in VALUES)
    text = f"#% plain\nimport numpy as np\n{ANSWER}{tests}"
    runs = grade(write(tmp_path, text), {"wrong": {"solution1": WRONG}})
    part = {"test5": Place.INSIDE}  # of a part of the points for the reference
    assert {s.grade_id: s.where for _, s in runs["blank"].scores if s.where is not Place.OUTSIDE} == part
    assert points(runs["reference"]) == list(VALUES.values())
    assert points(runs["wrong"]) == points(runs["blank"]) == [0] * len(VALUES)
