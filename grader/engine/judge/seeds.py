"""The keys of a submission's draws, made from its seed so that one tells nothing of the other."""

from __future__ import annotations

import hashlib

FORMER_BITS = 64


def hidden(seed: int) -> int:
    """Of `grade.rng` (GRADER_SEED): student code never meets it, nor anything it could be found from.

    A short seed is one that an earlier version recorded: it stays the key itself, so that marks recur.
    """
    return seed if seed.bit_length() <= FORMER_BITS else _key(seed, b"hidden")


def visible(seed: int) -> int:
    """Of the global generators, whose state student code shares and may look into."""
    return _key(seed, b"visible")


def _key(seed: int, purpose: bytes) -> int:
    size = seed.bit_length() // 8 + 1
    digest = hashlib.blake2b(seed.to_bytes(size, "little"), digest_size=32, person=purpose)
    return int.from_bytes(digest.digest(), "little")
