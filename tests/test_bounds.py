"""A bound on the CPU time of a piece of work ends it, and nothing else."""

import time

import pytest
from busy import spin

from grader.bounds import BoundExceeded, bounded


def test_a_bound_ends_what_goes_on_too_long_and_nothing_else():
    with bounded(5):
        spin(0.01)
    with pytest.raises(BoundExceeded, match=r"0\.1 s"), bounded(0.1):
        spin(5)
    spin(0.3)  # no clock is left behind


def test_bounds_may_be_nested():
    with pytest.raises(BoundExceeded, match=r"0\.2 s"), bounded(0.2):
        for _ in range(100):
            with pytest.raises(BoundExceeded), bounded(0.05):
                spin(5)
            spin(0.05)


def test_sleep_is_no_work():
    with bounded(0.05):
        time.sleep(0.2)
