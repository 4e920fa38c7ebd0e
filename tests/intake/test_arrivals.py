"""What arrives in a folder is written down once it is whole, graded once, and as often as is allowed."""

import json
import os
from datetime import date

import pytest

from grader.errors import GraderError
from grader.intake.arrivals import Arrivals, sole_watch

TODAY, TOMORROW = date(2026, 3, 1), date(2026, 3, 2)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "inbound").mkdir()
    return tmp_path / "inbound"


@pytest.fixture
def arrivals(folder, tmp_path):
    """Opens the record anew, as after an end."""
    students = {"ada": "ada", "bob": "bob"}
    return lambda: Arrivals(folder, tmp_path / "runs" / "ps.arrivals.json", "ps", students.get)


def looked(arrivals, times=2):
    for _ in range(times):
        arrivals.look()
    return arrivals


def due(arrivals, most=None, day=TODAY):
    return [arrival.entry for arrival in arrivals.due(most, day)]


def test_what_is_still_written_to_waits(folder, arrivals):
    (folder / "ada").mkdir()
    (folder / "ada" / "ps.ipynb").write_text("{")
    mine = looked(arrivals(), 1)
    assert not due(mine)
    (folder / "ada" / "ps.ipynb").write_text("{}")
    assert not due(looked(mine, 1)), "it has grown since"
    assert due(looked(mine, 1)) == ["ada"]


def test_whose_it_is(folder, arrivals):
    for name in ("ada.ipynb", "eve.ipynb", "ada+other+2026", ".hidden"):
        (folder / name).write_text("{}")
    for name in ("bob+ps+2026-03-01 10:00:00 UTC", "..+ps+2026", "empty"):
        (folder / name).mkdir()
    (folder / "bob+ps+2026-03-01 10:00:00 UTC" / "ps.ipynb").write_text("{}")
    (folder / "..+ps+2026" / "ps.ipynb").write_text("{}")
    mine = looked(arrivals())
    assert due(mine) == ["ada.ipynb", "bob+ps+2026-03-01 10:00:00 UTC"]
    assert mine.strangers == {"eve.ipynb", "empty"}
    assert [arrival.sent_at is None for arrival in mine.due(None, TODAY)] == [False, True]


def test_the_latest_counts_and_the_limit_is_one_of_days(folder, arrivals):
    for number in range(3):
        (folder / f"ada+ps+{number}").mkdir()
        (folder / f"ada+ps+{number}" / "ps.ipynb").write_text("{}")
    mine = looked(arrivals())
    assert due(mine, 1) == ["ada+ps+2"], "the earlier ones are replaced"
    mine.begin(mine.due(1, TODAY), TODAY)
    mine.finish(mine.due(1, TODAY))
    (folder / "ada+ps+3").mkdir()
    (folder / "ada+ps+3" / "ps.ipynb").write_text("{}")
    assert not due(looked(mine), 1) and [arrival.entry for arrival in mine.waiting()] == ["ada+ps+3"]
    again = arrivals()
    assert due(again, 1, TOMORROW) == due(again, 2) == ["ada+ps+3"]


def test_an_end_in_the_middle_loses_and_doubles_nothing(folder, arrivals):
    (folder / "ada.ipynb").write_text("{}")
    (folder / "bob.ipynb").write_text("{}")
    mine = looked(arrivals())
    mine.begin(mine.due(1, TODAY), TODAY)
    mine.finish([arrival for arrival in mine.known if arrival.student == "bob"])
    again = looked(arrivals())
    assert due(again, 1) == ["ada.ipynb"]
    again.begin(again.due(1, TOMORROW), TOMORROW)
    assert (again.begun("ada", TODAY), again.begun("ada", TOMORROW)) == (1, 0), "it counts once"


def test_the_same_file_handed_in_anew(folder, arrivals):
    (folder / "ada.ipynb").write_text("{}")
    mine = looked(arrivals())
    mine.finish(mine.due(None, TODAY))
    assert not due(looked(mine))
    os.utime(folder / "ada.ipynb", (1, 1))
    assert due(looked(mine)) == ["ada.ipynb"]


def test_two_at_once(tmp_path):
    record = tmp_path / "runs" / "ps.arrivals.json"
    with sole_watch(record):
        child = os.fork()
        if child == 0:
            try:
                with sole_watch(record):
                    os._exit(0)
            except GraderError:
                os._exit(7)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert json.loads(record.read_text() if record.exists() else "[]") == []
