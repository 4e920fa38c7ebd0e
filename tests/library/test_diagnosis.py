"""What a wrong result has in common with the right one is told; what could be chance is not."""

import numpy as np
import pytest

from cs231nlib.gradient_check import confirm
from cs231nlib.grading import expect
from cs231nlib.words import kind_of

X = np.array([[1.37, -2.11, 0.4], [0.52, 3.3, -1.25], [-0.91, 2.2, 0.13], [2.4, -0.7, 1.9]])
MEAN = X.mean(axis=0)
SQUARE = X[:3]
SHARE = X[::-1] + 1


def told(got, wanted, what="f(X)"):
    with pytest.raises(AssertionError) as error:
        expect(what, got, wanted)
    return str(error.value)


SAID = {
    "a sum for a mean": (X.sum(axis=0), MEAN, "Every number is 4 times the expected one; X has 4 rows."),
    "divided by the columns": (X / 3, X, "Every number is 1/3 of the expected one; X has 3 columns."),
    "half": (X / 2, X, "Every number is 1/2 of the expected one."),
    "any factor": (X * 0.37, X, "Every number is 0.37 times the expected one."),
    "a sign": (-X, X, "Every number has the wrong sign."),
    "transpose": (X.T, X, "but should have (4, 3). It is the transpose."),
    "square transpose": (SQUARE.T, SQUARE, "9 values differ. It is the transpose."),
    "another axis": (X.mean(axis=1), MEAN, "Did you go along axis 1 of X, instead of axis 0?"),
    "a row for a vector": (MEAN[None], MEAN, "The numbers are right, in another shape."),
    "reversed": (X[::-1], X, "It is in reversed order along axis 0."),
    "colours swapped": (X[:, ::-1], X, "It is in reversed order along axis 1."),
    "shuffled": (X[[2, 0, 3, 1]], X, "The numbers are right, in another order."),
    "one late": (np.r_[0, X.ravel()[:-1]], X.ravel(), "Every number comes one place too late."),
    "unchanged": (X, X - MEAN, "It is X, as it was given."),
    "an offset": (X + 0.5, X, "Every number is too large by 0.5."),
    "whole numbers": (X.astype(int), X, "behind the decimal point is lost"),
    "absolute": (np.abs(X), X, "some signs are not."),
    "rounded": (np.round(X), X, "rounded to a whole one."),
    "clipped": (np.clip(X, -2, 2), X, "Nothing is above 2: is it cut off there?"),
    "clipped, and cut": (np.trunc(np.clip(X, -2, 2)), X, "Nothing is above 2: is it cut off there?"),
    "squared": ((X + 1) ** 2, X + 1, "It is the square of what it should be."),
    "the logarithm": (np.log(X**2), X**2, "It is the logarithm of what it should be."),
    "all but the last": (np.r_[X.ravel()[:-1], 0], X.ravel(), "Only the last number is wrong."),
    "right at first": (
        np.r_[X[:2], X[2:] ** 2 + 1],
        X,
        "The first 2 rows are right, and none of those behind",
    ),
    "one array gathered": (np.tile(X[1] ** 2, (4, 1)), X, "Every row is the same."),
    "holes": (np.where(X > 1, 0, X), X, "What is wrong is 0."),
    "one side": (np.where(X > 0, X, X**2), X + 0 * X, "It is right where X is positive"),
    "nothing done": (np.zeros(3), MEAN, "Every number is 0."),
    "one for all": (np.full(3, 0.7), MEAN, "Every number is the same."),
    "an input aside": (X + MEAN**2, X + MEAN**2 + X, "It is as if X took no part."),
    "a factor aside": (np.tile(MEAN - 3, (4, 1)), (MEAN - 3) * X, "It is as if X took no part."),
    "an input twice": (X * X**2, X**2, "It is as if X took part once too often."),
    "one row short": (X[1:, 1:], X, "but should have (4, 3). Axis 0 is one too short."),
    "nearly the sign": (-X * (1 + 1e-5), X, "Every number has the wrong sign."),
    "rows by factors": (X * [[2], [3], [4], [5]], X, "Each row is off by a factor of its own."),
    "columns by terms": (
        X + np.array([0.1, 0.2, 7]),
        X,
        "Each column is off by a number of its own.",
    ),
    "only one row": (np.r_[X[:1], X[1:] ** 2 + 1], X, "Only the first row is right."),
    "all but one row": (np.r_[X[:-1], X[-1:] ** 2 + 1], X, "Only the last row is wrong."),
    "one number squared": (1.3724**2, 1.3724, "It is the square of what it should be."),
    "one number": (1.3724 / 4, 1.3724, "That is 1/4 of the expected number; X has 4 rows."),
}


@pytest.mark.parametrize("mistake", SAID)
def test_a_mistake_is_told_by_what_all_numbers_show(mistake):
    got, wanted, sentence = SAID[mistake]
    assert told(got, wanted).endswith(sentence) or sentence in told(got, wanted)


@pytest.mark.parametrize(
    ("got", "wanted"),
    [
        (4.0, 2.0),  # any wrong number could be twice a round one
        (0.0, 0.713),
        (np.array([2.0, 2.0]), np.array([1.0, 1.0])),
        (np.where(X > 1, X > 2, X), X),
        (np.minimum(X, 2.85), X),  # one number alone beyond a limit that is not round
        (4.0, 16.0),
        (X + 5e-6, 2 * X),  # half of it, measured with a step: X is no term that is missing
        (X[:2, :1][::-1], X[:2, :1]),  # of two numbers, the order; and of two, what maps them
        (np.array([0.1, 0.9]), np.array([0.9, 0.1])),
        (-2.0, -1.6),  # or it is the number as it was before
        (X + np.eye(4, 3), X),
        (X + 1e-5 * np.array([[0], [0], [1], [1]]), X),  # rows that are off by less than anybody sees
        (np.array([np.nan, 1.0]), np.array([2.0, 1.0])),
        (np.ones((4, 3)), np.full((4, 3), 1e-17)),  # no row has a number of its own
    ],
)
def test_what_could_be_chance_is_not_told(got, wanted):
    assert told(got, wanted, "f(X)").endswith(("differ.", "but is 4.", "but is 0.", "but is -2."))


def test_of_one_tiny_number_beside_a_large_one_no_factor_and_no_order_is_told():
    with pytest.raises(AssertionError) as error:
        expect("f()", np.array([0.9933, 0.0]), np.array([0.9933, 2e-313]), atol=0)
    assert str(error.value).endswith("1 of 2 values differ.")


@pytest.mark.parametrize("what", ["f(X, 0.37)", "f(X) for rate=0.37"])
def test_a_number_that_is_given_may_take_no_part_or_too_much(what):
    name = "rate" if "rate" in what else "0.37"
    assert told(SQUARE + 3, (SQUARE + 3) * 0.37, what).endswith(
        f"as if {name} took no part, or divided once too often."
    )
    twice = f"as if {name} took part once too often, or should have divided."
    assert told(1.3724 * 0.37**2, 1.3724 * 0.37, what).endswith(twice)


def test_two_inputs_may_be_put_together_and_nothing_else_done():
    assert told(X * SHARE, X + SHARE**2, "f(X, SHARE)").endswith("It is X times SHARE, number by number.")


def test_a_count_may_be_one_too_large():
    assert told(21, 20).endswith("It is one too many.") and told(3, 5).endswith("but is 3.")


def test_an_input_that_is_written_out_is_known_too():
    assert told(np.array([1.5, 2.0]), np.array([1.0, 4.0]), "f(np.array([1.5, 2.0]))").endswith(
        "It is the input, as it was given."
    )


def test_a_gradient_is_diagnosed_as_well():
    W = np.array([[0.3, -0.2], [0.7, 0.11], [1.2, -0.4]])
    loss = lambda w: float(((X @ w) ** 2).mean(axis=0).sum())  # noqa: E731
    slope = 2 * X.T @ (X @ W) / 4
    confirm("dW", loss, W, slope)
    for wrong, says in (
        (slope * 4, "4 times the expected one; X has 4 rows"),
        (slope.T, "transpose"),
        (-slope, "sign"),
    ):
        with pytest.raises(AssertionError, match=says):
            confirm("dW", loss, W, wrong)
    with pytest.raises(AssertionError, match="dW should be an array, but is a single number"):
        confirm("dW", loss, W, np.float64(1.0))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (np.float64(1), "a single number"), (3, "a single number"), ([1], "a list of 1 thing"),
        ((1, 2), "a tuple of 2 things"), ({}, "a dictionary of 0 things"), (len, "a function"),
        (np.array([None]), "an array of Python objects"), (True, "the truth value True"), ("a", "a text"),
    ],
)  # fmt: skip
def test_kinds_are_named_as_students_do(value, words):
    assert kind_of(value) == words
