"""What must hold of arrays before and after a call: their shapes, finite numbers, inputs left alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np


def shapes(**pairs: tuple[Any, tuple]) -> None:
    """shapes(dW=(dW, (4, 5)), db=(db, (5,))): AssertionError that names every array of another shape."""
    wrong = [
        f"{name} has shape {np.shape(array)}; expected {tuple(expected)}"
        for name, (array, expected) in pairs.items()
        if np.shape(array) != tuple(expected)
    ]
    assert not wrong, "; ".join(wrong)


def finite(**arrays: Any) -> None:
    """AssertionError if an array holds nan or infinity; says which, how many, and where the first one is."""
    for name, array in arrays.items():
        bad = np.argwhere(~np.isfinite(array))
        assert not len(bad), (
            f"{name} holds {len(bad)} nan or infinite numbers, the first at {tuple(bad[0].tolist())}"
        )


@contextmanager
def unchanged(*arrays: np.ndarray, **named: np.ndarray) -> Iterator[None]:
    """with unchanged(x, W=W): ...  AssertionError if the block altered one of these arrays in place."""
    named = {f"argument {i}": array for i, array in enumerate(arrays, 1)} | named
    before = {name: (array.copy(), array.tobytes()) for name, array in named.items()}
    yield
    for name, array in named.items():
        old, content = before[name]
        same = array.shape == old.shape and array.dtype == old.dtype and array.tobytes() == content
        assert same, f"{name} was changed in place: work on a copy, or build a new array"
