"""Checks, their messages and the hints of known-wrong answers, from the real judge."""

import json
from dataclasses import replace

import pytest
from exercise import GRADED, run

from grader.answer_key import Mistake

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


def test_a_mistake_that_nobody_knows_gets_the_question_of_the_first_check_that_failed(zygote):
    asking = GRADED.replace('grade("values", 2)', 'grade("values", 2, ask="Which entries change?")')
    mistakes = {"test_relu": tuple(Mistake(source, 1, n) for n, source in WRONG.items())}
    answer = "# %% solution relu\ndef relu(z):\n    return z + z**2"
    verdict = run(zygote, asking, answer, key={"mistakes": mistakes}).verdicts["test_relu"]
    assert verdict.hint == verdict.checks[0].nudge == "Which entries change?"


def test_one_of_two_mistakes_is_recognised_by_the_number_it_gives(zygote):
    mistakes = {"test_relu": tuple(Mistake(source, 1, f"hint: {n}") for n, source in WRONG.items())}
    verdict = run(zygote, GRADED, TWO_AT_ONCE, key={"mistakes": mistakes}, seed=5).verdicts["test_relu"]
    assert (verdict.points, verdict.hint) == (0, "hint: absolute")


def test_a_number_that_two_mistakes_give_is_no_evidence(zygote):
    wrong = WRONG | {"absolute, too": WRONG["absolute"].replace("abs(z)", "(z * z) ** 0.5 + 0 * z.sum()")}
    mistakes = {"test_relu": tuple(Mistake(source, 1, f"hint: {n}") for n, source in wrong.items())}
    hint = run(zygote, GRADED, TWO_AT_ONCE, key={"mistakes": mistakes}, seed=5).verdicts["test_relu"].hint
    assert hint.startswith("Where z is positive, all is right; where it is negative, nothing is.")


def test_what_a_small_change_of_the_right_answer_gives_is_told_as_that_change(zygote):
    mistakes = {"test_relu": (Mistake(WRONG["sign"], 1, "hint: sign"),)}
    asking = GRADED.replace("np.maximum(z, 0)", "z**2 + 3 * np.cos(z)")
    answer = "# %% solution relu\ndef relu(z):\n    curve = 3 * np.cos(z)\n    return z * z - curve"
    told = run(zygote, asking, answer, key={"mistakes": mistakes}, seed=5).verdicts["test_relu"].hint
    assert told.startswith("Your result is what comes out when one sign is turned")
    other = answer.replace("- curve", "- curve / 7")
    assert run(zygote, asking, other, key={"mistakes": mistakes}, seed=5).verdicts["test_relu"].hint == ""


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


def test_what_does_not_end_gets_a_question_too_about_what_failed_first(zygote):
    key = {"mistakes": {"test_affine": (Mistake("def affine(x, W):\n    return x.missing", 1, "why?"),)}}
    loop = "# %% solution affine\ndef affine(x, W):\n    while x.shape[1] == 3: pass\n    {}"
    asked = {"return x @ W": "does not come to an end in time", "x @ W": "Nothing came back"}
    for answer, question in asked.items():
        verdict = run(zygote, THREE, loop.format(answer), key=key).verdicts["test_affine"]
        assert verdict.status == "timed out" and question in verdict.hint


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
