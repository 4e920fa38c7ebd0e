"""An answer that never ends costs one time limit; what does not use it has all its time."""

from exercise import run

from grader.records import Limits

INSTRUCTOR = """
# %% plain setup
from cs231nlib.grading import Grade, expect
# %% solution f
def f(x):
    return x
# %% plain shown
print(f(1))
# %% test f 1
grade = Grade(points=1)
with grade("f", 1):
    expect("f(2)", f(2), 2)
grade.total()
# %% solution g
def g(x):
    return x
# %% solution last
last = True
# %% test g 1
grade = Grade(points=1)
with grade("g", 1):
    expect("g(2)", g(2), 2)
grade.total()
"""
ENDLESS = "from time import sleep\ndef {0}(x):\n    sleep(99)\n"
F, G = (f"# %% solution {name}\n{ENDLESS.format(name)}" for name in "fg")
ANSWERS = f"{F}{G}# %% extra last\ng(1)\n"


def test_an_endless_answer_has_less_time_the_second_time(zygote):
    done = run(zygote, INSTRUCTOR, ANSWERS, Limits(cell_seconds=3), key={"whole": True})
    told = {name: verdict.checks[0].message.split(".")[0] for name, verdict in done.verdicts.items()}
    assert told == {
        "test_f": "It did not end within 1 s",  # the instructor's cell above has used up three
        "test_g": "It did not end within 3 s",  # the student's own cell above proves nothing
    }
