"""Which cells need IPython's reading, and which are Python as they are."""

import contextlib
import time

from hypothesis import example, given, settings, strategies
from IPython.core.inputtransformer2 import TransformerManager

from grader.engine.student.shell import MAYBE_IPYTHON

FRAGMENTS = [
    *"x1\n\n\n%!?;,/=()[]:'\"#\\.\t",
    "'''",
    ">>> ",
    "...",
    "In ",
    "In [1]: ",
    "    ",
    "def f():\n",
    "ls",
]


@settings(max_examples=2000, deadline=None)
@given(strategies.lists(strategies.sampled_from(FRAGMENTS), max_size=12).map("".join))
@example("x = !ls")
@example("(1\n%2)")
def test_a_cell_that_is_left_as_it_is_has_nothing_for_ipython(source):
    if MAYBE_IPYTHON.search(source) or not source:
        return
    with contextlib.suppress(SyntaxError):  # no Python either way
        transformed = TransformerManager().transform_cell(source)
        assert [line.rstrip() for line in transformed.splitlines()] == [
            line.rstrip() for line in source.splitlines()
        ]


def test_many_empty_lines_are_looked_at_once():
    started = time.process_time()
    assert not MAYBE_IPYTHON.search("x = 1" + "\n" * 20_000 + "x")
    assert time.process_time() - started < 0.5
