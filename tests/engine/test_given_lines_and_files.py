"""What of the instructor's is there for an answer, and what lies beside it: files, libraries, given lines."""

import json

import pytest
from exercise import GRADED, INSTRUCTOR, run
from questions import LIMITS, answer_key, blocks, notebook, submission

from grader.engine.execute import beside, execute
from grader.engine.judge.client import Judges
from grader.errors import CourseError

GIVING = GRADED.replace(
    '''def relu(z):
    """Element-wise max(z, 0)."""
    return np.maximum(z, 0)''',
    """import math
floor = math.floor  # given
def relu(z):
    ### BEGIN SOLUTION
    return np.maximum(z, 0)
    ### END SOLUTION""",
).replace("grade = Grade(points=4)", "grade = Grade(points=4)\nassert floor(1.5) == 1")


@pytest.mark.parametrize(("line", "points"), [("", 4), ("floor = len\n", 0), ("class floor: pass\n", 0)])
def test_given_lines_that_a_student_deleted_are_there(zygote, line, points):
    answer = f"# %% solution relu\n{line}def relu(z):\n    return np.maximum(z, 0)"
    assert run(zygote, GIVING, answer).verdicts["test_relu"].points == points


def test_a_test_cell_that_was_deleted_is_judged(zygote):
    handed_in = submission(INSTRUCTOR, "")
    handed_in.cells = [c for c in handed_in.cells if "test_relu" not in str(c.metadata)]
    with Judges(answer_key(INSTRUCTOR)) as judges:
        ran = execute(zygote, judges, "nb", handed_in, LIMITS)
    assert ran.verdicts["test_relu"].points == 3


LIBRARY = {"cs231nlib.py": b"def twice(x):\n    return 2 * x\n"}


USES_IT = INSTRUCTOR.replace(
    "import numpy as np\n", "import numpy as np\nfrom cs231nlib import twice\n"
).replace("assert_allclose(scale(", "assert twice(3) == 6\nassert_allclose(scale(")


CALLS_IT = "# %% solution scale\ndef scale(f, x):\n    return twice(f(x))"


def test_the_assignments_own_library_wins_and_does_not_stay(zygote):
    zygote.preload(["cs231nlib.grading"])
    ours = {"key": {"files": LIBRARY}}
    assert run(zygote, USES_IT, CALLS_IT, **ours).verdicts["test_scale"].points == 2
    shadow = {"cs231nlib/__init__.py": b"def twice(x):\n    return 0\n"}
    assert run(zygote, USES_IT, CALLS_IT, files=shadow, **ours).verdicts["test_scale"].points == 2
    other = (
        "# %% solution scale\nimport cs231nlib\nassert hasattr(cs231nlib, '__path__')\n"
        "def scale(f, x):\n    return 2 * f(x)"
    )
    assert run(zygote, INSTRUCTOR, other).verdicts["test_scale"].points == 2


def test_files_beside_the_notebook(zygote):
    answer = (
        "# %% solution scale\nfactor = int(open('data/factor.txt').read())\n"
        "def scale(f, x):\n    return factor * f(x)"
    )
    assert run(zygote, INSTRUCTOR, answer, files={"data/factor.txt": b"2"}).verdicts["test_scale"].points == 2
    assert run(zygote, INSTRUCTOR, answer).verdicts["test_scale"].points == 0


def test_what_lies_beside():
    own, theirs = (
        {"lib.py": b"1", "d/x": b"1"},
        {"lib/__init__.py": b"2", "lib.py": b"2", "d/x": b"2", "mine.py": b"2"},
    )
    assert beside(own, theirs | {"nb.ipynb": b"2"}) == {"lib.py": b"1", "d/x": b"1", "mine.py": b"2"}


def test_of_the_instructors_plain_cells_only_what_is_needed_runs(zygote):
    plain = (
        "# %% plain demo\nTABLE = {'factor': 2}\nprint('demonstration')\nUNUSED = 1 / 0\n# %% solution scale"
    )
    instructor = INSTRUCTOR.replace("# %% solution scale", plain, 1)
    answer = "# %% solution scale\ndef scale(f, x):\n    return TABLE['factor'] * f(x)"
    ran = run(zygote, instructor, answer)
    assert ran.verdicts["test_scale"].points == 2
    assert "demonstration" not in json.dumps([cell.outputs for cell in ran.notebook.cells])
    changed = submission(instructor, answer)
    changed.cells[1].source += "\nprint('changed')"
    with Judges(answer_key(instructor)) as judges:
        ran = execute(zygote, judges, "nb", changed, LIMITS)
    assert "demonstration" in json.dumps(ran.notebook.cells[1].outputs)
    assert ran.notebook.cells[1].outputs[-1].ename == "ZeroDivisionError"


def test_a_test_that_is_no_python_names_its_cell(zygote):
    with pytest.raises(CourseError, match=r"test_relu, line 3"):
        run(zygote, INSTRUCTOR.replace("points = 2", "points = = 2"))


def test_every_cell_of_a_file_is_read():
    assert [kind for kind, *_ in blocks(INSTRUCTOR)] == ["plain", *["solution", "test"] * 3]
    assert len(notebook(INSTRUCTOR).cells) == 7


def test_a_name_that_a_plain_cell_bound_first_is_still_the_students(zygote):
    instructor = """
# %% plain setup
from numpy import square as twice
shown = twice(3)
# %% solution twice
def twice(x):
    return 2 * x
# %% test twice 3
assert twice(3) == 6, f"{twice(3)}, {shown}"
"""
    assert run(zygote, instructor).verdicts["test_twice"].points == 3
    wrong = run(zygote, instructor, "# %% solution twice\ndef twice(x):\n    return x").verdicts["test_twice"]
    assert (wrong.points, wrong.cause) == (0, "3, 9")


def test_only_the_test_cells_that_are_asked_for_run(zygote):
    ran = run(zygote, INSTRUCTOR, only=["test_scale"])
    assert list(ran.verdicts) == ["test_scale"] and ran.verdicts["test_scale"].points
    ids = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in ran.notebook.cells]
    after = ran.notebook.cells[ids.index("test_scale") + 1 :]
    assert after and not any(cell.get("execution_count") for cell in after)


@pytest.mark.parametrize(("only", "errors"), [(["test_one"], 0), ([], 1)])
def test_what_only_later_cells_need_does_not_run_before_the_last_test_that_is_asked_for(zygote, only, errors):
    instructor = """
# %% plain setup
broken = 1 / 0
# %% solution one
def one():
    return 1
# %% test one 1
assert one() == 1
# %% solution two
def two():
    return broken
# %% test two 1
assert two
"""
    ran = run(zygote, instructor, only=only)
    assert ran.verdicts["test_one"].points == 1
    assert len([output for cell in ran.notebook.cells for output in cell.get("outputs", ())]) == errors


def test_views_of_an_argument_with_gaps_come_back(zygote):
    instructor = """
# %% plain setup
import numpy as np
# %% solution rows
def rows(x):
    return [x.reshape(len(x), -1), x[1:]]
# %% test rows 3
a = np.arange(24).reshape(2, 3, 4)
for x in (a, a[::-1], a[..., ::2], a[:, ::-1].T, np.broadcast_to(a, (3, 2, 3, 4))):
    flat, later = rows(x)
    assert np.array_equal(flat, x.reshape(len(x), -1)) and np.array_equal(later, x[1:])
    assert np.shares_memory(flat, later)
"""
    verdict = run(zygote, instructor).verdicts["test_rows"]
    assert (verdict.points, verdict.detail) == (3, "")


DEMO = """
# %% plain setup
import numpy as np
# %% demo slopes
import math
import matplotlib.pyplot as plt

SCALE = 2.0

def f_of(t):
    return SCALE * math.exp(t)

points = [f_of(t) for t in range(3)]
plt.plot(points)
never_needed = [0] * 10**12
# %% solution slope
def slope(t):
    return (f_of(t + 1e-6) - f_of(t - 1e-6)) / 2e-6
# %% test slope 2
assert abs(slope(1.0) - 2 * np.exp(1)) < 1e-6
# %% demo later
SCALE = 3.0
open("not_there.txt")
# %% solution area
def area(r):
    return np.pi * r**2
# %% test area 2
assert abs(area(2.0) - 4 * np.pi) < 1e-9
"""


PLAYED = """
# %% demo slopes
import math
half = 0.5
def f_of(t):
    return 4 * half * math.exp(t)
while True: pass
# %% extra area
def square(r):
    return SCALE / 3 * half * 2 * r**2
# %% solution area
def area(r):
    return math.pi * square(r)
"""


@pytest.mark.parametrize("text", ["", PLAYED, PLAYED.replace("demo slopes", "demo nothing")])
def test_an_answer_may_use_what_a_demonstration_gives(zygote, text):
    done = run(zygote, DEMO, text)
    wanted = 2 if text in ("", PLAYED) else 0  # half is nowhere
    assert [verdict.points for verdict in done.verdicts.values()] == [2, wanted]
    assert "image/png" not in json.dumps(done.notebook.cells)


THREADS = """
# %% plain setup
import numpy as np
# %% solution each
from concurrent.futures import ThreadPoolExecutor

def twice(v):
    return 2 * v

def each(f, values):
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(f, values))
# %% test each 2
assert each(lambda v: sum(each(twice, [v] * 3)), list(range(20))) == [6 * v for v in range(20)]
# %% test later 2
assert twice(4) == 8
"""


def test_a_tests_function_is_called_from_threads_which_it_starts_itself(zygote):
    assert [verdict.points for verdict in run(zygote, THREADS).verdicts.values()] == [2, 2]
