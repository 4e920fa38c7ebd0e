"""A process that reads one thing after another: what one reading does to it costs no other one."""

import os
import signal
import time

import pytest

from grader import reader as module
from grader.bounds import BoundExceeded
from grader.child_process import ProcessKilled
from grader.reader import Reader

HELD = []


def _work(asked):
    if asked == "spin":
        while True:
            pass
    if asked == "slow":
        began = time.process_time()
        while time.process_time() - began < 1.2:
            pass
    if asked == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if asked == "end":
        os._exit(0)
    if asked == "leak":
        HELD.append(bytes(120 << 20))
    if asked == "nest":
        return _work(asked)
    if isinstance(asked, int):
        bytes(asked << 20)
    return os.getpid()


@pytest.fixture
def reader(monkeypatch):
    monkeypatch.setattr(module, "QUICK_SECONDS", 0)  # a process begun from here has a second for each
    with Reader(_work, 2, 300) as reader:
        yield reader


def test_one_process_reads_one_thing_after_another(reader):
    first = reader.read("x")
    assert first != os.getpid()
    assert [reader.read("y") for _ in range(3)] == [first] * 3


@pytest.mark.parametrize("asked", ["end", "slow", "kill"])
def test_what_ends_the_process_is_read_again_by_a_fresh_one(reader, asked):
    first = reader.read("x")
    if asked == "slow":
        assert reader.read(asked) not in (first, os.getpid())
    else:
        with pytest.raises(ProcessKilled if asked == "kill" else Exception):
            reader.read(asked)
    assert reader.read("x") not in (first, os.getpid())


@pytest.mark.parametrize("asked", ["spin", 1000, "nest"])
def test_what_takes_too_much_has_exceeded_its_limits_and_the_next_one_is_read(reader, asked):
    with pytest.raises(BoundExceeded):
        reader.read(asked)
    assert reader.read("x") == reader.read("x")


def test_a_process_that_somebody_kills_between_two_readings_costs_nothing(reader):
    first = reader.read("x")
    os.kill(first, signal.SIGKILL)
    assert reader.read("x") not in (first, os.getpid())


def test_what_a_reading_leaves_behind_is_not_carried_on(reader):
    first = reader.read("leak")
    assert reader.read("leak") == first
    assert reader.read("x") != first


def test_nothing_is_left_of_it():
    with Reader(_work, 2, 300) as reader:
        pid = reader.read("x")
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
