"""The instructor's plain cells that tests need have a time of their own, and lose no test but their own."""

from exercise import run

from grader.records import Limits

SLOW = """
# %% plain setup
from time import sleep
# %% solution one
def one():
    return 1
# %% plain prepared
sleep(1.3)
ready = one()
# %% test one 1
sleep(1.3)
assert ready == one() == 1
"""


def test_what_a_plain_cell_takes_is_not_the_tests(zygote):
    done = run(zygote, SLOW, "", Limits(cell_seconds=2), key={"whole": True})
    assert done.verdicts["test_one"].points == 1


TRAINED = """
# %% plain setup
from time import sleep
# %% solution train
def train():
    return 7
# %% solution one
def one():
    return 1
# %% plain prepared
trained = train()
# %% test one 1
assert one() == 1
# %% test train 2
assert trained == 7
"""


def test_a_plain_cell_that_does_not_end_costs_those_tests_that_need_it(zygote):
    endless = "# %% solution train\ndef train():\n    sleep(99)\n"
    done = run(zygote, TRAINED, endless, Limits(cell_seconds=1), key={"whole": True})
    assert {name: verdict.points for name, verdict in done.verdicts.items()} == {
        "test_one": 1,
        "test_train": 0,
    }
    fine = run(zygote, TRAINED, "", Limits(cell_seconds=1), key={"whole": True})
    assert [verdict.points for verdict in fine.verdicts.values()] == [1, 2]


TWICE = """
# %% plain setup
from time import sleep
# %% solution fill
def fill(a):
    a.append(0)
    return len(a)
# %% test fill 1
a = []
sleep(1.3)
assert fill(a) == 1
"""


def test_a_test_that_runs_twice_has_its_time_twice(zygote):
    assert run(zygote, TWICE, "", Limits(cell_seconds=2)).verdicts["test_fill"].points == 1
