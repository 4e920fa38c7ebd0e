"""Is there a Python loop over the examples? Known by counting the interpreter's steps, not by a clock."""

from __future__ import annotations

from collections.abc import Callable

from grader.engine.wire.bytecodes import count_events

MOST_RATIO = 1.5


def vectorised(fn: Callable, make_args: Callable, sizes: tuple[int, int] = (8, 128)) -> float:
    """Check that fn has no Python loop over the examples: the work of the interpreter must not grow with N.

    make_args(n) -> tuple of arguments for a batch of n. Counts executed bytecodes, not seconds, for both
    sizes; AssertionError above a ratio of 1.5. Returns the ratio. A callable that runs elsewhere brings its
    own counter as method `_count_events(*args) -> int` of its class.
    """
    small, large = (max(1, _count(fn, make_args(n))) for n in sizes)
    ratio = large / small
    assert ratio <= MOST_RATIO, (
        f"{sizes[1] // sizes[0]} times as many examples took {ratio:.1f} times as many Python steps: "
        "is there a loop over the examples?"
    )
    return ratio


def _count(fn, args):
    elsewhere = getattr(type(fn), "_count_events", None)
    return elsewhere(fn, *args) if elsewhere else count_events(fn, *args)
