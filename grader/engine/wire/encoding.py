"""Values to bytes, for one message; see `grader.engine.wire.values` for what crosses and how."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from grader.engine.wire import tables
from grader.engine.wire.channel import WireError
from grader.engine.wire.cursor import U32
from grader.engine.wire.values import (
    MAX_DEPTH,
    MAX_NODES,
    bit_state,
)
from grader.engine.wire.writers import WRITERS, special, writer_of


class Encoder:
    """Encodes values into `parts`. `known` are the objects both sides hold already, in the same order.

    stays: whether a value of a class of somebody's own does not cross, though it is of a plain type.
    """

    def __init__(
        self,
        export: Callable[[Any], tuple[bytes, Any]],
        known: list[Any] | tuple = (),
        stays: Callable[[Any], bool] = lambda value: False,
    ):
        self.parts: list[bytes | memoryview] = []
        self.objects = list(known)
        self.export, self._stays = export, stays
        self.index = {id(o): i for i, o in enumerate(self.objects)}
        self._nodes = self._bytes = 0

    def forget(self, changed: set[int]) -> None:
        """Encode the objects with these indices anew instead of referring to them."""
        self.index = {key: i for key, i in self.index.items() if i not in changed}

    def add(self, value: Any, depth: int = 0) -> None:
        """Append one value. Raises WireError for what the wire does not carry."""
        self._add_all((value,), 1, depth)

    def contents(self, value: Any) -> None:
        """Append what is in a changeable object, as a new object: how an in-place change is told."""
        if isinstance(value, np.ndarray):
            self.add(value.copy())
        elif isinstance(value, dict):
            self.add(tuple(part for item in value.items() for part in item))
        elif isinstance(value, (list, set, deque)):
            self.add(tuple(value))
        elif tables.is_table(value):
            self.add(value.copy())
        else:
            self.add(bit_state(value))

    def _add_all(self, values: Any, count: int, depth: int) -> None:
        self._nodes += count
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise WireError("a value is nested too deeply, or has too many parts, to be checked")
        for value in values:
            write = WRITERS.get(type(value)) or (special if self._stays(value) else writer_of(value))
            write(self, value, depth)

    def seen(self, value: Any) -> bool:
        """True when a reference was written; otherwise the object is remembered."""
        index = self.index.get(id(value))
        if index is not None:
            self.parts.append(b"r" + U32.pack(index))
            return True
        self.index[id(value)] = len(self.objects)
        self.objects.append(value)
        return False

    def data(self, head: bytes, data: bytes | memoryview) -> None:
        self.parts += (head + U32.pack(len(data)), data)

    def text(self, tag: bytes, value: str) -> None:
        self.data(tag, str.encode(value, "utf-8", "surrogatepass"))

    def items(self, tag: bytes, items: Any, count: int, depth: int) -> None:
        self.parts.append(tag + U32.pack(count))
        self._add_all(items, count, depth + 1)
