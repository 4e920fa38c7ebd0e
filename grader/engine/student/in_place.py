"""Which of its arguments did a function change in place? Known by a snapshot before and after the call."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np

from grader.engine.wire import tables
from grader.engine.wire.values import GENERATORS, bit_state

LARGE = 1 << 16  # bytes


def snapshot(value: Any) -> Any:
    """What is kept of an object to see later whether it changed: arrays copied, containers part by part."""
    if isinstance(value, np.ndarray) or tables.is_table(value):
        return value.copy()
    if isinstance(value, dict):
        return [part for item in value.items() for part in item]
    if isinstance(value, (list, set, deque)):
        return list(value)
    return bit_state(value)


def changed_since(value: Any, before: Any) -> bool:
    """Whether an object differs from its snapshot."""
    if isinstance(value, np.ndarray):
        same = value.shape == before.shape and value.dtype == before.dtype
        return not (same and _same_bytes(value, before))
    if tables.is_table(value):
        return not tables.same(value, before)
    if isinstance(value, GENERATORS):
        return repr(bit_state(value)) != repr(before)
    now = snapshot(value)
    return len(now) != len(before) or any(a is not b for a, b in zip(now, before, strict=True))


def _same_bytes(one: np.ndarray, other: np.ndarray) -> bool:
    """Bit by bit, so that NaN is itself; a large array is compared where it lies."""
    if isinstance(one, np.ma.MaskedArray):
        parts = [(np.asarray(array), np.ma.getmaskarray(array)) for array in (one, other)]
        return all(_same_bytes(*pair) for pair in zip(*parts, strict=True))
    in_words = (
        one.dtype.itemsize == 8
        and one.dtype.kind != "O"
        and one.flags.c_contiguous
        and other.flags.c_contiguous
    )
    if one.nbytes < LARGE or not in_words:
        return one.tobytes() == other.tobytes()
    return np.array_equal(one.view(np.uint64), other.view(np.uint64))


def containing(objects: list | tuple, changed: set[int]) -> set[int]:
    """`changed` and every container that holds a changed object, however deep."""
    found, grown = set(changed), bool(changed)
    while grown:
        ids = {id(objects[i]) for i in found}
        more = {i for i, o in enumerate(objects) if i not in found and _holds(o, ids)}
        found, grown = found | more, bool(more)
    return found


def _holds(value: Any, ids: set[int]) -> bool:
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(id(item) in ids for item in items)
