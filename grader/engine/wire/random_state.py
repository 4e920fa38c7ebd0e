"""The global random state of both sides kept in step: `np.random.seed(0)` in a test reaches student code.

Only what changed since the last message travels. Comparing has to cost little, for it happens at each call:
the words of NumPy's global Mersenne twister are compared in memory, where they lie, instead of copied out.
"""

from __future__ import annotations

import ctypes
import random
from typing import Any

import numpy as np

from grader.engine.wire.values import put_state

_Words = ctypes.c_char * 2500  # a Mersenne twister: 624 words and the position


class RandomState:
    """What the other side knows of `np.random` and `random` in this process."""

    def __init__(self):
        bits = np.random.mtrand._rand._bit_generator
        self._numpy = _Words.from_address(bits.ctypes.state_address)
        self._numpy_words, self._has_gauss, self._python = b"", True, None
        self._inst = _twister_in(random._inst)

    def news(self) -> tuple[Any, Any] | None:
        """The states that changed since the other side last knew them; None when neither did."""
        numpy, python = self._numpy_news(), self._python_news()
        return None if numpy is python is None else (numpy, python)

    def set(self, news: Any) -> None:
        """Take over what the other side told. Raises WireError, or what NumPy says to what is no state."""
        if news is None:
            return
        numpy, python = news
        if numpy is not None:
            words, position, has_gauss, gauss = numpy
            put_state(np.random.mtrand._rand, ("MT19937", words, position, has_gauss, gauss))
            self._numpy_words, self._has_gauss = self._numpy.raw, bool(has_gauss)
        if python is not None:
            if not isinstance(python[1], float | None):
                raise ValueError("no state of `random`")
            random.setstate((3, tuple(np.asarray(python[0], np.uint32).tolist()), python[1]))
            self._python = self._python_mark()

    def _numpy_news(self) -> tuple | None:
        words = self._numpy.raw
        if words == self._numpy_words and not self._has_gauss:
            return None
        _name, key, position, has_gauss, gauss = np.random.get_state()
        if words == self._numpy_words and has_gauss:
            return None  # a spare normal deviate was there before and still is
        self._numpy_words, self._has_gauss = words, bool(has_gauss)
        return key, position, has_gauss, gauss

    def _python_news(self) -> tuple | None:
        now = self._python_mark()
        if now == self._python:
            return None
        self._python = now
        _version, words, gauss = random.getstate()
        return np.array(words, np.uint32), gauss

    def _python_mark(self) -> Any:
        """What differs when the state of `random` does."""
        if self._inst is None:
            return random.getstate()
        return self._inst.raw, random._inst.gauss_next  # type: ignore[attr-defined]


def _twister_in(instance: random.Random) -> Any:
    """The position and the words in CPython's object; None where it is laid out otherwise."""
    found = _Words.from_address(id(instance) + object.__basicsize__)
    *words, position = instance.getstate()[1]
    return found if np.frombuffer(bytes(found), np.uint32).tolist() == [position, *words] else None


def seed_all(seed: int) -> None:
    """Seed the global generators of NumPy and of Python."""
    np.random.seed(seed % (1 << 32))
    random.seed(seed)


def global_states() -> tuple[Any, Any]:
    """The states of the global generators of NumPy and of Python."""
    return np.random.get_state(), random.getstate()


def set_global_states(numpy: Any, python: Any) -> None:
    np.random.set_state(numpy)
    random.setstate(python)
