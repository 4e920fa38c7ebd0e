"""No cell of a spreadsheet is a formula, and every text comes back."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.spreadsheet import neutral, original


@pytest.mark.parametrize(
    "text", ["=cmd|' /C calc'!A0", "-rf", "+1+1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "a;=1", "a\n=1", "--1"]
)
def test_no_cell_is_a_formula(text):
    cell = neutral(text)
    assert cell != text
    assert not any(part.startswith(tuple("=+-@\t\r＝")) for part in cell.replace("\n", ";").split(";"))
    assert original(cell) == text


@given(
    st.text(alphabet="'=+-@\t\r\n,;|%\"a1＝", max_size=12) | st.text(st.characters(exclude_categories=["Cs"]))
)
@example("'=1")
@example("-5")
def test_every_text_comes_back(text):
    assert original(neutral(text)) == text


def test_numbers_and_names_stay_as_they_are():
    for text in ("-1", "63.5", "-0,5", "'t Hooft", "Jean-Luc", "Smith, John", "a@b.org", "-", "x;--"):
        assert neutral(text) == text
