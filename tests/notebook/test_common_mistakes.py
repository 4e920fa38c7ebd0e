"""What the checks say becomes a question, where it is sure; silence where it is not."""

import math

import numpy as np
import pytest

from cs231nlib.expectations import expect
from grader.notebook.common_mistakes import question_for

WANTED = np.array([[1.25, -2.5, 7.0], [0.5, 3.75, -4.0]])
RATE = 0.5
ASKED = {
    "a sum for a mean": (WANTED * 4, "by one factor, here 4"),
    "a sign": (-WANTED, "sign is wrong"),
    "cut": (np.trunc(WANTED), "fractions are cut off"),
    "turned": (WANTED.T, "Rows and columns"),
    "flat": (WANTED.ravel(), "their shape is not"),
    "measured": (WANTED * (1 + 1e-8), "first digits"),
    "a list": ([WANTED.ravel()], "return a list"),
    "zeros": (WANTED * 0, "nothing but zeros"),
    "the squares": (WANTED**2, "the square of what is asked for"),
    "clipped": (np.clip(WANTED, -2, 2), "lies above 2"),
    "without its signs": (np.abs(WANTED), "some signs are not"),
    "rows of their own": (WANTED * [[2], [3]], "Within each row"),
    "undefined": (WANTED * np.nan, "A nan came out"),
    "nothing": (None, "`return`"),
    "holes": (np.where(WANTED > 3, 0, WANTED), "Where your result is wrong, it is 0"),
    "a column short": (WANTED[:, :2], "one too short along axis 1"),
    "a shape by chance": (np.square(WANTED[:, :2]), "which axis is missing"),
    "something else": (WANTED + WANTED**2, ""),
}


def message(got, wanted) -> str:
    with pytest.raises(AssertionError) as error:
        expect("f(a)", got, wanted, dtype=np.float64, rtol=1e-12, atol=0)
    return str(error.value)


@pytest.mark.parametrize("what", ASKED)
def test_a_question_follows_from_what_a_check_says(what):
    got, asked = ASKED[what]
    question = question_for([message(got, WANTED)])
    assert asked in question and bool(asked) == bool(question)


def test_one_check_that_denies_it_is_enough_for_silence():
    sign, other = message(-WANTED, WANTED), message(WANTED + WANTED**2, WANTED)
    assert question_for([sign, sign]) and not question_for([sign, other])
    assert not question_for([]) and not question_for([other, sign])


def test_an_input_that_comes_back_in_one_check_alone_is_chance():
    same = "f(a)[0] should be 2, but is 1. 2 of 2 values differ. It is a, as it was given."
    assert question_for([same, same]) and not question_for([same, *[message(WANTED + WANTED**2, WANTED)] * 2])


WORDS = {
    "f(2) should be df/dx and (dfdy, dfdz), but is 3 things.": "More than one thing is promised",
    "f(2): w and b have the shapes ((2, 1), ()), not (2,) and ().": "an axis too many",
    "f(2)[0] should be an array, but is a dictionary of 3 things.": "of kind dictionary",
    "f(2) is a tuple, not a dict.": "a tuple, where a dict",
    "f(2): W1 has (2, 1), but should have (1, 2).": "shape of your result",
    "The names should be W1, b1, not W0, b0.": "keys are not the promised ones",
    "TypeError: Neuron() takes no arguments": "`__init__`",
    "IndexError: tuple index out of range": "an axis less",
    "not started": "still says `raise NotImplementedError",
    "leaks(f) should be True, but is 'leak'.": "A text came back",
    'grads has the keys W1, W2, but no "b1".': 'key "b1" is missing',
    "f(2)[0] has shape (3, 2), but should be one number.": "in another order",
}


@pytest.mark.parametrize("said", WORDS)
def test_words_become_a_question(said):
    assert WORDS[said] in question_for([said])


ERRORS = {
    "too few": (lambda: (lambda b: b)(), "too few arguments"),
    "too many": (lambda: (lambda: 0)(1), "more arguments"),
    "called by name": (lambda: (lambda: 0)(h=1), "by name"),
    "no function": (lambda: RATE(1), "no function but a float"),
    "nothing": (lambda: None + 1, "is None"),
    "a function": (lambda: len + 1, "function itself"),
    "one thing": (lambda: RATE[0], "one single thing"),
    "names for more": (lambda: [a for a, b in [(1, 2, 3)]], "Several names are filled"),
    "many truths": (lambda: bool(WANTED), "yes or no"),
    "no array": (lambda: math.exp(WANTED), "for one number got a whole array"),
    "no such name": (lambda: math.softmax(1), "math has no `softmax`"),
}


@pytest.mark.parametrize("what", ERRORS)
def test_what_python_says_becomes_a_question_too(what):
    wrong, asked = ERRORS[what]
    with pytest.raises(Exception) as error:
        wrong()
    told = f"{error.type.__name__}: {error.value}"
    assert asked in question_for([f"{told}\nline 2 of your f: `...`"])


def test_an_error_that_arose_in_the_test_is_not_the_answers():
    assert not question_for(
        ["ValueError: The truth value of an array with more than one element is ambiguous."]
    )


def test_an_argument_that_changed_is_asked_for():
    told = "f changed its input b. (f changes its argument in place)"
    assert "caller's own arrays" in question_for([told])


def test_the_number_of_rows_is_named():
    told = "f(X) should be 1, but is 4. Every number is 4 times the expected one; X has 4 rows."
    assert "4 times too large, where X has 4 rows." in question_for([told])


@pytest.mark.parametrize("shape", [(1,), (1, 1)])
def test_an_array_with_one_number_is_told_as_a_number(shape):
    got, wanted = np.full(shape, 3 * 5.117), np.full(shape, 5.117)
    assert message(got, wanted).endswith("That is 3 times the expected number.")


def test_what_float32_loses_is_no_factor():
    assert "float32" in message(WANTED + 1e-7 * np.abs(WANTED).max(), WANTED)
    assert "1 times" not in message(WANTED * 1.0001, WANTED)


def test_where_the_first_value_tells_nothing_the_next_that_does_decides():
    bare, told = "f(a) should be 2, but is 3.", message(WANTED**2, WANTED)
    assert "the square of" in question_for([bare, told])
    assert not question_for([bare, "ValueError: a (2, 3) and (4,) do not fit"])


SAID = {
    "c should be 20, but is 21. It is one too many.": "one too many",
    "d should be 'leak', but is None.": "`return`",
    "net is not defined: run the cell that defines it.": "`net`",
    "f is not defined (the cell with f ended with SyntaxError: bad in line 1: `def f(x)`)": "a SyntaxError",
    "leaks changed the train or test that it was given.": "handed in",
    "The given data were changed.": "handed in",
    "ValueError: max() arg is an empty sequence": "smallest of nothing",
    'ValueError: too few\nline 2 of your split: `raise ValueError("too few")`': "Your own `raise`",
    "split(9) should have the keys ['a', 'b'], not ['a'].": "keys",
    "f should return a list, not something of type tuple.": "of kind tuple",
    "mean_subtract returned float32 numbers, not float64.": "float32",
    "f(x) should be 2, but is 3. The sign of x was changed in place.": "",
}


@pytest.mark.parametrize("said", SAID)
def test_a_question_follows_from_a_sentence_of_a_check(said):
    question = question_for([said])
    assert SAID[said] in question and bool(SAID[said]) == bool(question)


def calls(came, should=("-3", "0.905", "7.1")) -> list[str]:
    inputs = "4.0, -3.0", "-1.045, 0.905", "0.0, 7.1"
    return [
        f"f({one}) should be {wanted}, but is {number}."
        for one, wanted, number in zip(inputs, should, came, strict=True)
    ]


@pytest.mark.parametrize(
    ("messages", "asked"),
    [
        (calls("111"), "Whatever goes in, 1 comes out."),
        (calls("112"), ""),
        (calls("111", should="222"), ""),
        (calls("111")[:2], ""),
    ],
)
def test_one_number_for_all_that_goes_in_is_asked_about_where_others_were_due(messages, asked):
    question = question_for(messages)
    assert question.startswith(asked) and bool(question) == bool(asked)
