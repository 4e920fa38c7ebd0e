"""What `execute` owes in the cases that small submissions cannot show: hints, lost judges, files, time."""

import json
import time
from dataclasses import replace

import pytest
from questions import FOLDER, LIMITS, answer_key, blocks, notebook, submission

from grader.engine.execute import beside, execute
from grader.engine.judge.client import Judges
from grader.errors import CourseError
from grader.records import Limits, Mistake, Status

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
WRONG = {
    "in place": "def relu(z):\n    z[z < 0] = 0\n    return z",
    "absolute": "def relu(z):\n    return abs(z)",
    "sign": "def relu(z):\n    return np.sign(z)",
}

TWO_AT_ONCE = """
# %% solution relu
def relu(z):
    if z.ndim == 1:
        z[z < 0] = 0
    return abs(z)
"""


def run(zygote, instructor, text="", limits=LIMITS, **more):
    with Judges(answer_key(instructor, **more.pop("key", {}))) as judges:
        return execute(zygote, judges, "nb", submission(instructor, text), limits, **more)


@pytest.mark.parametrize("name", WRONG)
def test_a_known_wrong_answer_gets_its_own_hint(zygote, name):
    mistakes = {"test_relu": tuple(Mistake(source, 1, f"hint: {n}") for n, source in WRONG.items())}
    wrong = f"# %% solution relu\n{WRONG[name]}  # as a student would"
    verdict = run(zygote, GRADED, wrong, key={"mistakes": mistakes}, seed=5).verdicts["test_relu"]
    assert verdict.points == {"in place": 2}.get(name, 2 if name != "in place" else 0)
    assert verdict.hint == f"hint: {name}"


@pytest.mark.parametrize("body", ["return np.maximum(z, 0)", "return z * 2", "raise NotImplementedError"])
def test_no_hint_for_an_answer_that_is_right_or_wrong_in_another_way(zygote, body):
    mistakes = {"test_relu": tuple(Mistake(source, 1, n) for n, source in WRONG.items())}
    answer = f"# %% solution relu\ndef relu(z):\n    {body}"
    assert run(zygote, GRADED, answer, key={"mistakes": mistakes}).verdicts["test_relu"].hint == ""


def test_one_of_two_mistakes_is_recognised_by_the_number_it_gives(zygote):
    mistakes = {"test_relu": tuple(Mistake(source, 1, f"hint: {n}") for n, source in WRONG.items())}
    verdict = run(zygote, GRADED, TWO_AT_ONCE, key={"mistakes": mistakes}, seed=5).verdicts["test_relu"]
    assert (verdict.points, verdict.hint) == (0, "hint: absolute")


def test_a_number_that_two_mistakes_give_is_no_evidence(zygote):
    wrong = WRONG | {"absolute, too": WRONG["absolute"].replace("abs(z)", "(z * z) ** 0.5 + 0 * z.sum()")}
    mistakes = {"test_relu": tuple(Mistake(source, 1, f"hint: {n}") for n, source in wrong.items())}
    assert (
        run(zygote, GRADED, TWO_AT_ONCE, key={"mistakes": mistakes}, seed=5).verdicts["test_relu"].hint == ""
    )


def test_hidden_checks_are_marked_and_not_shown(zygote):
    ran = run(zygote, GRADED, f"# %% solution relu\n{WRONG['in place']}")
    visible, hidden = ran.verdicts["test_relu"].checks
    assert (visible.label, visible.points, visible.hidden) == ("values", 2, False)
    assert (hidden.label, hidden.points, hidden.hidden) == ("secret label", 0, True)
    assert "in place" in hidden.message
    shown = json.dumps([cell.get("outputs") for cell in ran.notebook.cells])
    assert "secret" not in shown and "checks you cannot see  [0/2]" in shown
    assert hidden.nudge == "Is your input still what it was?" and hidden.nudge in shown


def test_a_hidden_check_that_passes_asks_nothing(zygote):
    ran = run(zygote, GRADED)
    assert "Is your input" not in json.dumps([cell.get("outputs") for cell in ran.notebook.cells])


DRAWING = """
# %% plain setup
import numpy as np
from cs231nlib.grading import Grade
# %% solution noise
calls = []
def noise(rng):
    calls.append(1)
    return rng.normal(), len(calls)
# %% test noise 2
grade = Grade(points=2)
with grade("is called for the first time", 1):
    assert noise(grade.rng)[1] == 1
with grade("cannot be", 1):
    assert noise(grade.rng)[0] > 99
grade.total()
"""


def test_to_draw_from_a_generator_is_no_change_of_an_argument_that_asks_for_a_second_run(zygote):
    assert run(zygote, DRAWING).verdicts["test_noise"].points == 1


def test_the_same_seed_draws_the_same_inputs_and_another_one_others(zygote):
    answer = "# %% solution relu\ndef relu(z):\n    raise ValueError(z.sum())"
    verdicts = (run(zygote, GRADED, answer, seed=s).verdicts["test_relu"] for s in (1, 1, 2))
    first, again, other = (replace(verdict, seconds=0.0) for verdict in verdicts)
    assert first == again != other


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


BUSY = "".join(
    f"# %% solution f{n}\ndef f{n}():\n    return {n}\n# %% test f{n} 1\nassert f{n}() < 9\n"
    for n in range(6)
).replace("f0() < 9", "f0() == 0")


@pytest.mark.parametrize(("loss", "status"), [("any(repeat(0))", "timed out"), ("os._exit(1)", "not graded")])
def test_many_tests_that_no_alarm_can_end_are_given_up(zygote, monkeypatch, loss, status):
    monkeypatch.setattr("grader.engine.attempt.GRACE_SECONDS", 0.5)
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


TELLING = """
# %% plain setup
import numpy as np
# %% solution twice
def twice(f, x):
    return 2 * f(x)
# %% test twice 1
assert twice(lambda v: v + 1, 2) == 6
### BEGIN HIDDEN TESTS
def picky(v):
    assert isinstance(v, int), "SECRET-WORDS"
    return v
assert twice(picky, 3) == 6
### END HIDDEN TESTS
"""


def test_what_a_function_of_a_hidden_test_says_stays_with_the_judge(zygote):
    asks = """
# %% solution twice
heard = []
def twice(f, x):
    try: f("bad")
    except Exception as error: heard.append(repr(error))
    return 2 * f(x)
# %% extra end
print(heard)
"""
    done = run(zygote, TELLING, asks)
    assert done.verdicts["test_twice"].points == 1
    shown = json.dumps(done.notebook.cells)
    assert "can only concatenate" in shown and "AssertionError('')" in shown
    assert "SECRET-WORDS" not in shown.replace(json.dumps(done.notebook.cells[2].source)[1:-1], "")


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


def test_a_source_that_takes_long_to_read_is_not_read(zygote):
    text = (FOLDER / "honest.py").read_text()
    endless = f"# %% extra relu\nif False:\n    x = f'{'{a}' * 330_000}'"
    started = time.monotonic()
    done = run(zygote, INSTRUCTOR, f"{text}\n{endless}")
    assert done.status is Status.COMPLETED
    assert done.verdicts["test_scale"].points == 2
    assert time.monotonic() - started < 15


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
    monkeypatch.setattr("grader.engine.attempt.GRACE_SECONDS", 0.5)
    library = (("def affine(x, w):\n    return x @ w\n", ("affine",)),)
    limits = replace(LIMITS, cell_seconds=1.0)
    ran = run(zygote, LENT, BUSY_CELL, limits, key={"library": library, "library_name": "mynet"})
    assert ran.status == Status.COMPLETED
    assert {name: v.points for name, v in ran.verdicts.items()} == {"test_net": 2, "test_other": 1}
    assert "kept the grader busy" in str(ran.notebook.cells[1].outputs)


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


THREE = """
# %% plain setup
import numpy as np
from cs231nlib.grading import Grade, expect
# %% solution affine
def affine(x, W):
    return x @ W
# %% test affine 6
grade = Grade(points=6)
with grade("one", 1):
    expect("affine(1)", affine(np.ones((1, 1)), np.ones((1, 1))), np.ones((1, 1)))
with grade("two", 2):
    expect("affine(2)", affine(np.ones((4, 2)), np.ones((2, 3))), np.full((4, 3), 2.0))
with grade("three", 2):
    expect("affine(3)", affine(np.ones((4, 3)), np.ones((3, 3))), np.full((4, 3), 3.0))
### BEGIN HIDDEN TESTS
with grade("unseen", 1, nudge="What of one row?"):
    expect("affine(5)", affine(np.ones((1, 5)), np.ones((5, 1))), np.full((1, 1), 5.0))
### END HIDDEN TESTS
grade.total()
# %% solution other
other = 1
# %% test other 1
assert other == 1
"""
MISFIT = "shapes = x.shape\n    return x @ W.T"
ENDINGS = {
    "while x.shape[1] == 2: pass": (1, "timed out", "It did not end within 3 s."),
    "import os\n    if x.shape[1] == 2: os._exit(0)": (1, "died", "It ended the whole process"),
    "if x.shape[1] == 2: x[:] = 0\n    while x.shape[1] == 3: pass": (0, "timed out", "It did not end"),
    "return np.array([[None]])": (0, "completed", "affine(1)[0, 0] should be 1, but is nan."),
    MISFIT: (3, "completed", "ValueError: (4, 2) @ (3, 2) do not fit\nline 3 of your affine: `x @ W.T`"),
}


@pytest.mark.parametrize("body", ENDINGS)
def test_what_ended_is_told_and_what_was_earned_before_stays(zygote, body):
    points, status, says = ENDINGS[body]
    done = run(zygote, THREE, f"# %% solution affine\ndef affine(x, W):\n    {body}\n    return x @ W")
    verdict = done.verdicts["test_affine"]
    told = [check.message for check in verdict.checks]
    assert (verdict.points, verdict.status) == (points, status), told
    assert any(message.startswith(says) for message in told), told
    assert done.verdicts["test_other"].points == 1
    if status != "completed":
        assert told[-1].startswith("Not reached")


def test_an_error_is_told_once_and_recognised_wherever_it_stands(zygote):
    wrong = "# %% solution affine\ndef affine(x, W):\n    return x.missing @ W"
    known = {
        "mistakes": {"test_affine": (Mistake("def affine(x, W):\n\n    return 1 + x.missing", 1, "why?"),)}
    }
    verdict = run(zygote, THREE, wrong, key=known).verdicts["test_affine"]
    told = [check.message for check in verdict.checks]
    assert told[0].endswith("has no attribute 'missing'\nline 2 of your affine: `x.missing`")
    assert told[1:3] == ["The same error as above."] * 2 and "line 2" in told[3]
    assert verdict.hint == "why?"
