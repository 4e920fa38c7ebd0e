"""What a test fetched from the student's process by value, and may change: `net.params["W"][0] += h`.

Such a change must reach the original before the next call. What was fetched is remembered with its
contents, and compared before each call.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from grader.engine.wire.mappings import CONTAINERS

_CHANGEABLE = (np.ndarray, *CONTAINERS)


class FetchedObjects:
    """The objects that were fetched, by the key that the student's side knows them by."""

    def __init__(self):
        self._known: dict[int, tuple[Any, Any]] = {}

    def clear(self) -> None:
        self._known.clear()

    def add(self, link: Any, value: Any) -> None:
        """Remember `value` by the claimed key `link`; of a dict of names each value by its own key."""
        if isinstance(link, dict) and isinstance(value, dict):
            for name, key in link.items():
                self.add(key, value.get(name))
        elif type(link) is int and isinstance(value, _CHANGEABLE):
            self._known[link] = (value, _contents(value))

    def edited(self) -> Iterator[tuple[int, Any]]:
        """The key and the object of each that was changed since the last time."""
        for key, (value, before) in list(self._known.items()):
            now = _contents(value)
            if now != before:
                self._known[key] = (value, now)
                yield key, value


def _contents(value: Any) -> Any:
    """What is compared to find an edit: bytes of arrays, the parts of containers by identity or bytes."""
    if isinstance(value, np.ndarray):
        return value.tobytes(), np.ma.getmaskarray(value).tobytes() if np.ma.isMA(value) else b""
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    return [(id(k), _contents(v) if isinstance(v, np.ndarray) else id(v)) for k, v in parts]
