"""The notebook of three questions, an exercise with visible and hidden checks, and a run of either."""

from questions import FOLDER, LIMITS, answer_key, submission

from grader.engine.execute import execute
from grader.engine.judge.client import Judges

INSTRUCTOR = (FOLDER / "instructor.py").read_text()


GRADED = '''
# %% plain setup
import numpy as np
from cs231nlib.grading import Grade, expect
# %% solution relu
def relu(z):
    """Element-wise max(z, 0)."""
    return np.maximum(z, 0)
# %% test relu 4
grade = Grade(points=4)
with grade("values", 2):
    z = grade.rng.normal(size=(2, 3))
    expect("relu(z)", relu(z), np.maximum(z, 0))
### BEGIN HIDDEN TESTS
with grade("secret label", 2, nudge="Is your input still what it was?"):
    z = grade.rng.normal(size=5)
    before = z.copy()
    relu(z)
    assert np.array_equal(z, before), "secret message"
### END HIDDEN TESTS
grade.total()
'''


def run(zygote, instructor, text="", limits=LIMITS, **more):
    with Judges(answer_key(instructor, **more.pop("key", {}))) as judges:
        return execute(zygote, judges, "nb", submission(instructor, text), limits, **more)
