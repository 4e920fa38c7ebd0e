"""The questions at the end of a chapter: forgiving about spelling, not about the answer."""

import numpy as np
import pytest

from cs231nlib.selftest import codes, selftest

EXPECTED = codes("00", ["0.5", "(8, 5)", "off"])


def said(capsys, answers):
    selftest("00", answers, EXPECTED)
    return [line.split(maxsplit=1)[1] for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    "answers",
    [
        ["0.5", "(8, 5)", "off"],
        [".5", "8,5", " Off "],
        ["1/2", "[8, 5]", "OFF."],
        [0.5, (8, 5), "'off'"],
        [np.float64(0.5), [8, 5], "off"],
        ["5e-1", " ( 8 ,5 ) ", "o f f"],
    ],
)
def test_spelling_does_not_matter(capsys, answers):
    assert said(capsys, answers) == ["right"] * 3


@pytest.mark.parametrize(
    "answers", [["", "", ""], ["-.5", "(5, 8)", "on"], ["5", "85", "of"], ["0.51", "(8, 5, 1)", "1/0"]]
)
def test_a_wrong_answer_is_not_yet_right(capsys, answers):
    assert said(capsys, answers) == ["not yet"] * 3


def test_a_minus_may_be_typed_as_it_is_printed():
    assert codes("02", ["−4"]) == codes("02", [-4]) == codes("02", ["-4.0"])


def test_codes_differ_between_chapters_and_questions():
    assert len({*codes("00", ["4", "4"]), *codes("01", ["4", "4"])}) == 4


def test_an_author_who_forgot_a_code_is_told():
    with pytest.raises(ValueError):
        selftest("00", ["4", "5"], EXPECTED)
