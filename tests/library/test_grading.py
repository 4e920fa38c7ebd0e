"""Partial credit: each check counts alone, and says what a student can act on."""

import numpy as np
import pytest

from cs231nlib.check_list import NOTHING_ELSE
from cs231nlib.expectations import Mistake
from cs231nlib.grading import MIME, Grade, expect, unpack


def graded(relu, *, hidden=True):
    grade = Grade(points=4)
    z = grade.rng.normal(size=(3, 4))
    with grade("values", 2):
        expect("relu(z)", relu(z), np.maximum(z, 0))
    if hidden:
        with grade("leaves its input alone", 2):
            z = grade.rng.normal(size=(3, 4))
            before = z.copy()
            relu(z)
            assert np.array_equal(z, before), "relu changed its input."
    return grade


def in_place(z):
    z[z < 0] = 0
    return z


def not_written(z):
    raise NotImplementedError("not started")


@pytest.mark.parametrize(
    ("relu", "points"),
    [(lambda z: np.maximum(z, 0), 4.0), (in_place, 2.0), (lambda z: z, 2.0), (lambda z: 1 / 0, 0.0)],
)
def test_each_check_counts_alone(relu, points):
    total = graded(relu).total()
    assert total == points
    assert type(total) is float


def test_an_exercise_not_started_is_told_politely(capsys):
    assert graded(not_written).total() == 0.0
    text = capsys.readouterr().out
    assert "Not started yet" in text
    assert "✗" not in text


def test_without_hidden_checks_full_points_are_shown_to_the_student_only(monkeypatch, capsys):
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    assert graded(lambda z: np.maximum(z, 0), hidden=False).total() == 4.0
    assert "2 of 4 points so far; 2 points are in checks that grading makes" in capsys.readouterr().out
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert graded(lambda z: np.maximum(z, 0), hidden=False).total() == 2.0


def test_a_failed_visible_check_is_not_rounded_up(monkeypatch):
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    assert graded(lambda z: z, hidden=False).total() == 0.0


def test_validate_shows_what_failed(monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    assert graded(lambda z: np.maximum(z, 0), hidden=False).total() == 4.0
    for wrong, says in ((lambda z: z, "✗ values"), (not_written, "Not started yet")):
        with pytest.raises(AssertionError, match=says):
            graded(wrong, hidden=False).total()
    with pytest.raises(AssertionError) as failed:
        graded(lambda z: z, hidden=False).total()
    assert failed.value._render_traceback_()[0] == "✗ values  [0/2]"


def test_the_seed_of_the_submission_chooses_the_inputs(monkeypatch):
    draws = []
    for seed in ("1", "1", "2"):
        monkeypatch.setenv("GRADER_SEED", seed)
        draws.append(Grade(points=1).rng.normal())
    assert draws[0] == draws[1] != draws[2]


def test_rows_name_the_line_of_their_check(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    grade = Grade(points=1)
    with grade("<b>bold</b>", 1):
        raise AssertionError("<script>")
    grade.total()
    (row,) = shown[0][MIME]
    assert row["line"] > 0 and row["message"] == "<script>" and not row["passed"]
    assert "<script>" not in shown[0]["text/html"] and "<b>" not in shown[0]["text/html"]


@pytest.mark.parametrize(
    ("got", "says"),
    [
        (None, "f(x) is None"),
        ([1.0, 2.0], "should be an array, but is a list of 2 things."),
        (np.ones((2, 1)), "has shape (2, 1), but should have (2,)"),
        (np.array(["a", "b"]), "should hold numbers, but is an array of texts"),
        (np.array([1.0, 2.5]), "f(x)[1] should be 2, but is 2.5. 1 of 2 values differ."),
        (np.array([1.0, np.nan]), "but is nan"),
        (np.array([1.0, 2.0000004]), "should be 2, but is 2.0000004."),
    ],
)
def test_expect_says_what_was_wanted_and_what_came(got, says):
    with pytest.raises(AssertionError) as error:
        expect("f(x)", got, np.array([1.0, 2.0]))
    assert says in str(error.value)


def test_expect_accepts_any_kind_of_number_for_a_number():
    for got in (2, 2.0, np.float64(2), np.float32(2), np.array(2.0)):
        expect("f(x)", got, 2.0)
    with pytest.raises(AssertionError, match="float32"):
        expect("f(x)", np.zeros(2, np.float32), np.zeros(2), dtype=np.float64)


def test_expect_keeps_the_index_apart_from_words():
    with pytest.raises(AssertionError, match=r"^f\(x\) for x = 2 at \[1\] should be 0, but is 1\. 1 of 2"):
        expect("f(x) for x = 2", np.array([0.0, 1.0]), np.zeros(2))
    with pytest.raises(AssertionError, match=r"^f\(x\) has shape \(1,\), but should be one number\. The"):
        expect("f(x)", np.zeros(1), 0.0)


@pytest.mark.parametrize(
    ("got", "says"),
    [
        (None, "f(x) is None. Is there a `return` on every path?"),
        (np.zeros(3), "f(x) should be out and cache, but is an array of numbers."),
        ((1, 2, 3), "f(x) should be out and cache, but is 3 things."),
    ],
)
def test_unpack_says_how_many_things_were_wanted_and_came(got, says):
    with pytest.raises(AssertionError) as error:
        unpack("f(x)", got, "out", "cache")
    assert str(error.value) == says
    assert unpack("f(x)", (1, 2), "out", "cache") == (1, 2)
    assert unpack("f(x)", np.array([1, 2]), "dx", "dy", alike=True) == [1, 2]


def test_a_warning_costs_nothing(recwarn):
    grade = Grade(points=1)
    with grade("large values", 1):
        expect("exp(1000)", np.exp(np.array([1000.0])), np.array([np.inf]))
    assert grade.total() == 1.0
    assert not [w for w in recwarn if w.category is RuntimeWarning]
    np.exp(np.array([1000.0]))
    assert [w for w in recwarn if w.category is RuntimeWarning]


def test_an_exception_without_words_is_named(capsys):
    grade = Grade(points=1)
    with grade("memory", 1):
        raise MemoryError
    grade.total()
    said = capsys.readouterr().out
    assert "MemoryError" in said and "MemoryError:" not in said


def as_lists(z):
    return np.maximum(z, 0).tolist()


def test_a_list_of_the_right_numbers_costs_one_small_check():
    assert graded(as_lists, hidden=False).total() == 0.0
    grade = Grade(points=4)
    for label, points, nudge in (("large", 2, ""), ("small", 1, ""), ("unseen", 0.5, "Is it?")):
        with grade(label, points, nudge=nudge):
            expect("f(x)", [1.0, 2.0], np.array([1.0, 2.0]))
    with grade("wrong", 0.5):
        expect("f(x)", [1.0, 3.0], np.array([1.0, 2.0]))
    assert grade.total() == 2.5
    assert [row.points for row in grade._checks.rows] == [2, 0, 0.5, 0]


def test_where_a_check_asks_for_the_kind_a_list_costs_that_one_alone():
    grade = Grade(points=3)
    with grade("values", 2):
        expect("f(x)", [1.0, 2.0], np.array([1.0, 2.0]))
    with grade("the contract", 1):
        expect("f(x)", [1.0, 2.0], np.array([1.0, 2.0]), dtype=np.float64)
    assert grade.total() == 2.0


@pytest.mark.parametrize(("values", "points"), [([1.0, 2.0], 3.0), ([1.0, 3.0], 0.0)])
def test_the_contract_pays_only_beside_another_check(values, points, capsys):
    grade = Grade(points=3)
    with grade("values", 2):
        expect("f(x)", np.array(values), np.array([1.0, 2.0]))
    with grade("inputs unchanged", 1, nudge="Is x still what it was?", contract=True):
        pass
    assert grade.total() == points
    assert ("This counts as soon as another check passes." in capsys.readouterr().out) == (points == 0)
    assert [row.nudge for row in grade._checks.failures] in ([], ["", NOTHING_ELSE])


def test_zero_is_written_zero():
    with pytest.raises(AssertionError, match=r"should be 0, but is 0\.5\."):
        expect("f(x)", 0.5, 5.1e-131)
    with pytest.raises(AssertionError, match=r"should be 0\.5, but is 0\."):
        expect("f(x)", -0.0, 0.5)
    with pytest.raises(AssertionError, match="should be 1e-130, but is 2e-130"):
        expect("f(x)", 2e-130, 1e-130, atol=0)


def test_a_check_that_knows_the_mistake_asks_a_question_of_its_own():
    grade = Grade(points=3)
    for ask in ("Which sign must b have?", ""):
        with grade("a gate", 1, ask="And otherwise?"):
            raise Mistake("The neuron is on.", ask)
    assert [row.ask for row in grade._checks.rows] == ["Which sign must b have?", "And otherwise?"]
