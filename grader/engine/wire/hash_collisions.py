"""Keys that were made to have one hash: what a dict or a set compares them costs, for all of one message."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Sequence

from grader.engine.wire.channel import WireError

FREE = 100_000  # comparisons of single values in a message, a few milliseconds
FREE_EACH = 50  # besides, for each part of the message


class HashCollisions:
    """Counts what the keys of one message cost when they are looked up among those of the same hash."""

    _done = _parts = 0

    def spread(self, keys: Sequence) -> Sequence:
        """`keys`, unless to put them into a container takes too many comparisons: then WireError.

        Their number is bounded by that of the keys in the whole message, however they are nested.
        """
        if not keys:
            return keys
        self._parts += len(keys)
        self._done += _among(keys)
        if self._done > FREE + FREE_EACH * self._parts:
            raise WireError("keys with the same hash")
        return keys


def _among(keys: Collection) -> int:
    """At most so many single values are compared when each key is looked up among the others."""
    if len(set(map(hash, keys))) == len(keys):
        return 0
    groups = defaultdict[int, list[Hashable]](list)
    for key in keys:
        groups[hash(key)].append(key)
    return sum(len(alike) ** 2 // 2 * max(map(_one, alike)) for alike in groups.values() if len(alike) > 1)


def _one(key: Hashable) -> int:
    """At most so many single values are compared to tell two such keys apart."""
    if isinstance(key, tuple):
        return 1 + sum(map(_one, key))
    if isinstance(key, frozenset):
        return 1 + sum(map(_one, key)) + 2 * _among(key)
    return 1
