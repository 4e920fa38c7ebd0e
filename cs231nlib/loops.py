"""Is there a Python loop over the examples? Known by counting the interpreter's steps, not by a clock."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

MOST_RATIO = 1.5


def vectorised(fn: Callable, make_args: Callable, sizes: tuple[int, int] = (8, 128)) -> None:
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


def count_events(fn: Callable, *args: Any) -> int:
    """Bytecodes that Python executes during fn(*args), the same number on every machine."""
    events = 0

    def tracer(frame, event, _):
        nonlocal events
        frame.f_trace_opcodes = True
        events += event == "opcode"
        return tracer

    before = sys.gettrace()
    sys._getframe().f_trace_opcodes = True  # Python 3.12 looks for it once, when tracing begins
    sys.settrace(tracer)
    try:
        fn(*args)
    finally:
        sys.settrace(before)
    return events
