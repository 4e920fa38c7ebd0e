"""Tables cross by value, so that the judge's own pandas compares them; skipped without pandas."""

import pytest
from questions import verdicts_of

from grader.records import Limits

pytest.importorskip("pandas")

SETUP = """
import pickle
import numpy as np
import pandas as pd
table = pd.DataFrame({"town": ["A", "B", None], "people": [5, 20, 30], "share": [0.5, np.nan, 1.0]})
"""
RIGHT = """
big = table[table["people"] > 10].reset_index(drop=True)
series = table["people"] * 2
dates = pd.Series(pd.date_range("2024-01-01", periods=2))
gaps = pd.DataFrame({"n": [1, None, 3], "yes": [True, None, False]}).astype({"n": "Int64", "yes": "boolean"})
def grow(df, by): return df.assign(people=df["people"] + by)
def hand_back(value): return value
def unlike(value): return pickle.loads(pickle.dumps(value))
mine = type("Column", (pd.Series,), {"equals": lambda self, other: False})([1, 2])
def groups(df): return df.groupby("town")
def wide(df): return df.set_index(["town", "people"])
def rename(df): df.columns = [name.upper() for name in df.columns]
"""
WRONG = """
big, series, dates, gaps = table, pd.Series([0.0]), pd.Series([1]), pd.DataFrame({"n": [1, 2], "yes": 1})
def grow(df, by):
    df["people"] += by
    return df
def hand_back(value): return Mine(value) if isinstance(value, pd.DataFrame) else pd.Series([7])
def groups(df): return 3
def unlike(value): return table
class mine(pd.Series): pass
def wide(df): return 3
def rename(df): return None
class Mine(pd.DataFrame):
    def equals(self, other): return True
    def __eq__(self, other): return True
"""
CLAIMS = {
    "isinstance": "assert isinstance(big, pd.DataFrame) and type(series) == pd.Series and len(big) == 2",
    "assert_series_equal": 'pd.testing.assert_series_equal(series, pd.Series([10, 40, 60], name="people"))',
    "assert_frame_equal": "pd.testing.assert_frame_equal(big, table.iloc[1:].reset_index(drop=True))",
    "np.allclose": "assert np.allclose(series, [10, 40, 60]) and (big['people'] > 10).all()",
    "both ways": """
for value in (table, table.T.T, table["town"], table.index, pd.Index(["a", "b"], name="n"), table[[]],
              pd.Series([1, "a", None, 2.5], index=list("abcd"), name=("x", 1)), pd.Series([], dtype=float),
              pd.DataFrame([[1, 2], [3, 4]], columns=["a", "a"]), table.describe()):
    again = hand_back(value)
    assert type(again) is type(value) and again.equals(value) and again is value, value""",
    "categories, dates and levels": """
ages = pd.Series([1, 2], index=pd.CategoricalIndex(["x", "y"], ["y", "x"], ordered=True), name="age")
days = pd.Series([1, 2], index=pd.date_range("2024-01-31", periods=2, freq="ME", name="day"))
both = pd.DataFrame({"n": [1, 2]}, index=pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["k", None]))
words = pd.Series(["a", None], dtype="string")
for value in (ages, days, both["n"], words, words.dropna().astype("category")):
    again = unlike(value)
    assert again is not value and again.dtype == value.dtype
    pd.testing.assert_series_equal(again, value, check_freq=True)
assert unlike(ages).index.ordered and unlike(days).index.freqstr == "ME"
assert unlike(both).loc["b"].index[0] == 2
assert (unlike(pd.array([1, None])) == 1)[0] and unlike(pd.Categorical(["a"])).categories.tolist() == ["a"]
late = pd.Timestamp("2024-02-29 12:00")
assert unlike(late) == late and unlike(late - pd.Timestamp(0)) == late - pd.Timestamp(0)""",
    "a class of one's own": """
assert isinstance(mine, pd.Series) and type(mine) is not pd.Series and np.allclose(mine, [1, 2])
assert mine.equals(pd.Series([1, 2])) and not mine.equals(pd.Series([1, 3]))""",
    "dates": "assert dates.dt.day.tolist() == [1, 2]",
    "types with gaps": """
assert (gaps["n"].dropna() == [1, 3]).all() and gaps["yes"].isna().tolist() == [False, True, False]
assert hand_back(gaps["n"]).dtype == "Int64" and hand_back(gaps).equals(gaps)""",
    "leaves its input alone": """
before = table.copy()
assert grow(table, 1)["people"].tolist() == [6, 21, 31] and table.equals(before)""",
    "what does not cross can be asked": "assert len(groups(table)) == 2 and wide(table).shape == (3, 1)",
    "in place, asked for": """
# inplace
own = table.copy(); rename(own); assert own.columns.tolist() == ["TOWN", "PEOPLE", "SHARE"]""",
}
LIES = "assert hand_back(pd.DataFrame({'a': [1]})).equals(pd.DataFrame({'a': [2]}))"


@pytest.fixture(scope="module")
def verdicts():
    """answer -> claim -> verdict."""
    claims = CLAIMS | {"a lie": LIES}
    found = verdicts_of(SETUP, (RIGHT, WRONG), list(claims.values()), Limits(cell_seconds=60))
    return {answer: dict(zip(claims, judged, strict=True)) for answer, judged in found.items()}


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_table_is_compared_by_the_judges_own_pandas(verdicts, claim):
    assert verdicts[RIGHT][claim].points == 1, verdicts[RIGHT][claim].detail
    assert verdicts[WRONG][claim].points == 0


def test_a_table_of_the_students_own_class_does_not_decide(verdicts):
    assert [verdicts[answer]["a lie"].points for answer in (RIGHT, WRONG)] == [0, 0]
