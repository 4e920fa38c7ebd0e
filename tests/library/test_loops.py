"""Loops over examples are told from code on whole arrays."""

import sys

import numpy as np
import pytest

from cs231nlib.loops import vectorised
from grader.engine.wire.bytecodes import count_events


def batch(n):
    return (np.random.default_rng(0).normal(size=(n, 4)),)


def loop(a):
    out = np.zeros(len(a))
    for i in range(len(a)):
        out[i] = a[i].sum()
    return out


@pytest.mark.parametrize(
    "fn", [lambda a: (np.maximum(a, 0) @ a.T).sum(0), np.exp, lambda a: np.linalg.norm(a, axis=1)]
)
def test_whole_array_code_is_vectorised(fn):
    assert vectorised(fn, batch) == 1.0


@pytest.mark.parametrize(
    "fn",
    [
        loop,
        lambda a: np.array([row.sum() for row in a]),
        lambda a: np.apply_along_axis(np.sum, 1, a),
        lambda a: np.vectorize(lambda v: 2 * v)(a),
        lambda a: sum(row.sum() for row in a),
    ],
)
def test_loops_over_examples_are_not(fn):
    with pytest.raises(AssertionError, match="16 times as many examples"):
        vectorised(fn, batch)


def test_a_callable_that_runs_elsewhere_counts_for_itself():
    class Remote:
        def __call__(self, a):
            raise AssertionError("must not be run here")

        def _count_events(self, a):
            return count_events(loop, a)

    with pytest.raises(AssertionError, match="is there a loop"):
        vectorised(Remote(), batch)


def test_counting_leaves_the_tracer_of_a_debugger_alone():
    before = sys.gettrace()
    assert count_events(loop, np.ones((3, 2))) > 10
    assert sys.gettrace() is before
