"""Where the global generators stand when a test begins: at the seed, or where the notebook left them.

A course that seeds them itself means the numbers that follow, as in nbgrader: those of the student's process.
Its plain cells run in the judge, too, and draw there from numbers of their own.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import partial

from grader.engine.wire.random_state import global_states, seed_all, set_global_states


class Draws:
    """Of one trial. flow: tests go on with the state that the student's process has."""

    def __init__(self, seed: int, flow: bool):
        self._flow = flow
        self.begin = self._plain = partial(seed_all, seed)

    def start(self) -> None:
        """A test is next, each run of which will `begin`: the state now is that of the student's process."""
        if self._flow:
            self.begin = partial(set_global_states, *global_states())

    @contextlib.contextmanager
    def of_plain_cells(self) -> Iterator[None]:
        """While a plain cell runs here, once more."""
        if not self._flow:
            yield
            return
        before = global_states()
        self._plain()
        try:
            yield
        finally:
            self._plain = partial(set_global_states, *global_states())
            set_global_states(*before)
