"""What ends, hangs or keeps busy the judge itself costs its own question and no other."""

from dataclasses import replace

import pytest
from exercise import INSTRUCTOR, run
from questions import FOLDER, LIMITS

from grader.records import Limits, Place, Status


def test_a_test_that_ends_the_judge_costs_itself(zygote):
    broken = INSTRUCTOR.replace("points = 2", "import os; os._exit(1)")
    ran = run(zygote, broken)
    assert [v.points for v in ran.verdicts.values()] == [2, 0, 2]
    assert ran.verdicts["test_relu"].cause == "the judge's process ended"


def test_a_test_that_does_not_end_costs_itself(zygote):
    endless = INSTRUCTOR.replace("points = 2", "while True: pass")
    ran = run(zygote, endless)
    assert [v.points for v in ran.verdicts.values()] == [2, 0, 2]
    assert ran.verdicts["test_relu"].status is Status.TIMED_OUT


TOGETHER = """
# %% solution f
def f():
    return 1
# %% solution g
def g():
    return 2
# %% test f 1
assert f() == 1
# %% test g 1
assert g() == 2
"""


@pytest.mark.parametrize("where", [Place.OUTSIDE, Place.INSIDE])
@pytest.mark.parametrize("end", ["while True: pass", "import os; os._exit(1)"])
def test_an_answer_that_ends_or_hangs_costs_its_own_test_where_several_stand_together(zygote, end, where):
    places = {"test_f": where, "test_g": where}
    ran = run(
        zygote, TOGETHER, f"# %% solution f\ndef f():\n    {end}", Limits(cell_seconds=1), places=places
    )
    assert [v.points for v in ran.verdicts.values()] == [0, 1]


def test_a_question_whose_tests_would_all_end_the_judge_costs_no_other(zygote):
    tests = "".join(f"# %% test f{n} 1\nassert f() == 1\nimport os; os._exit(1)\n" for n in range(5))
    last = "# %% solution g\ndef g():\n    return 2\n# %% test g 1\nassert g() == 2\n"
    ran = run(zygote, f"# %% solution f\ndef f():\n    return 1\n{tests}{last}")
    assert [v.points for v in ran.verdicts.values()] == [0] * 5 + [1]


BUSY = "".join(
    f"# %% solution f{n}\ndef f{n}():\n    return {n}\n# %% test f{n} 1\nassert f{n}() < 9\n"
    for n in range(6)
).replace("f0() < 9", "f0() == 0")


@pytest.mark.parametrize(("loss", "status"), [("any(repeat(0))", "timed out"), ("os._exit(1)", "not graded")])
def test_many_tests_that_no_alarm_can_end_are_given_up(zygote, monkeypatch, loss, status):
    monkeypatch.setattr("grader.engine.judge_clock.GRACE_SECONDS", 0.5)
    plain = "# %% plain setup\nimport os\nfrom itertools import repeat\n"
    ran = run(zygote, plain + BUSY.replace("() < 9", f"() < 9 and {loss}"), limits=Limits(cell_seconds=0.5))
    assert (ran.status, ran.verdicts["test_f0"].points) == (status, 1)
    assert [name for name in ran.verdicts if name > "test_f4"] == []


def test_no_verdict_when_the_time_of_the_notebook_is_over(zygote):
    answer = "# %% solution scale\nimport time\ndef scale(f, x):\n    time.sleep(1.2)\n    return 2 * f(x)"
    ran = run(zygote, INSTRUCTOR, answer, Limits(cell_seconds=5, notebook_seconds=1))
    assert [v.points for v in ran.verdicts.values()] == [0, 0, 0]
    assert ran.status is Status.TIMED_OUT
    assert "used up" in ran.verdicts["test_counter"].cause


def test_a_source_that_takes_long_to_read_is_not_read(zygote):
    text = (FOLDER / "honest.py").read_text()
    endless = f"# %% extra relu\nif False:\n    x = f'{'{a}' * 330_000}'"
    done = run(zygote, INSTRUCTOR, f"{text}\n{endless}")  # by its limits, had it been read
    assert done.status is Status.COMPLETED
    assert done.verdicts["test_scale"].points == 2


LENT = """
# %% plain a
import numpy as np
# %% solution net
from mynet import affine
def net(x):
    return affine(x, np.eye(2))
# %% test net 2
assert net(np.eye(2)).tolist() == [[1, 0], [0, 1]]
# %% solution other
def other():
    return 1
# %% test other 1
assert other() == 1
"""


BUSY_CELL = """
# %% extra net
from mynet import affine
import numpy as np
big = np.ones((5000, 5000), np.int8)
affine(big, big)
"""


def test_a_cell_that_keeps_the_judge_busy_in_a_lent_function_costs_itself(zygote, monkeypatch):
    monkeypatch.setattr("grader.engine.judge_clock.GRACE_SECONDS", 0.5)
    library = (("def affine(x, w):\n    return x @ w\n", ("affine",)),)
    limits = replace(LIMITS, cell_seconds=1.0)
    ran = run(zygote, LENT, BUSY_CELL, limits, key={"library": library, "library_name": "mynet"})
    assert ran.status == Status.COMPLETED
    assert {name: v.points for name, v in ran.verdicts.items()} == {"test_net": 2, "test_other": 1}
    assert "kept the grader busy" in str(ran.notebook.cells[1].outputs)
