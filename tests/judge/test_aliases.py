"""What two names of the student's, or two places of a value, have in common arrives twice as what it is."""

import pytest
from questions import verdicts_of

from grader.records import Limits

APART = """
rows, table, array = [1, 2], pd.DataFrame({"u": [1, 2]}), np.arange(3)
same_rows, same_table, same_array = [1, 2], pd.DataFrame({"u": [1, 2]}), np.arange(3)
class Box:
    def __getitem__(self, key): return {"x": [1], "y": [1]}
    def __iter__(self): return iter([([1], [1])])
"""
SHARED = """
rows, table, array = [1, 2], pd.DataFrame({"u": [1, 2]}), np.arange(3)
same_rows, same_table, same_array = rows, table, array
class Box:
    def __getitem__(self, key):
        one = [1]
        return {"x": one, "y": one}
    def __iter__(self):
        one = [1]
        return iter([(one, one)])
"""
TESTS = [
    "assert rows == same_rows == [1, 2]",
    'assert len(same_table.groupby("u")) == 2 and table.equals(same_table)',
    "assert same_array.sum() == array.sum() == 3",
    'assert Box()[0] == {"x": [1], "y": [1]}',
    "assert [*Box()] == [([1], [1])]",
]


def test_a_value_with_two_names_is_the_same_by_both():
    pytest.importorskip("pandas")
    setup = "import numpy as np, pandas as pd"
    found = verdicts_of(setup, [APART, SHARED], TESTS, Limits())
    assert [[verdict.points for verdict in verdicts] for verdicts in found.values()] == [[1] * len(TESTS)] * 2
