"""How a value is told to a student: its kind and its size in the words of the course, not of NumPy."""

from __future__ import annotations

import numbers
from typing import Any

import numpy as np

SEVERAL: dict[type, str] = {list: "list", tuple: "tuple", set: "set", dict: "dictionary"}
CONTENTS = {"O": "Python objects", "U": "texts", "S": "texts", "b": "truth values", "c": "complex numbers"}
NEAR_ZERO = 1e-3  # of the absolute tolerance: what is smaller reads as 0


def kind_of(value: Any) -> str:
    """What a value is: "a single number", "a list of 3 things", "an array of Python objects"."""
    if isinstance(value, np.ndarray):
        return _kind_of_array(value)
    if isinstance(value, bool | np.bool_):
        return f"the truth value {value}"
    if isinstance(value, numbers.Number | np.number):
        return "a complex number" if isinstance(value, complex | np.complexfloating) else "a single number"
    if type(value) in SEVERAL:
        return f"a {SEVERAL[type(value)]} of {len(value)} thing{'s' * (len(value) != 1)}"
    if isinstance(value, str):
        return "a text"
    return "nothing" if value is None else _other(value)


def number(value: Any, atol: float = 0.0, digits: int = 6) -> str:
    """A number as a student would write it: 0 for what is 0 within `atol`, else that many digits."""
    if abs(value) <= NEAR_ZERO * atol or value == 0:
        return "0"
    return f"{value:.{digits}g}"


def _kind_of_array(array):
    return f"an array of {CONTENTS.get(array.dtype.kind, 'numbers')}"


def _other(value):
    if callable(value):
        return "a class" if isinstance(value, type) else "a function"
    name = str(getattr(value, "__name__", type(value).__name__))
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"
