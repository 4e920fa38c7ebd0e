"""Winnowing: of each run of tokens a few hashes, the same ones whatever stands around it.

S. Schleimer, D. S. Wilkerson and A. Aiken: Winnowing, SIGMOD 2003. Every passage of GRAM + WINDOW - 1 tokens
that two answers share has a hash in common.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zlib import crc32

from grader.similarity.tokens import Token

GRAM = 8  # tokens in a hash
WINDOW = 4  # hashes of which the smallest is kept


def fingerprints(tokens: Sequence[Token]) -> Mapping[int, tuple[int, int]]:
    """hash -> where it stands first: its characters from start to end. Equal tokens give equal hashes."""
    texts = [token.text for token in tokens]
    hashes = [_hash(texts[at : at + GRAM]) for at in range(len(texts) - GRAM + 1)]
    kept: dict[int, tuple[int, int]] = {}
    for at in range(max(1, len(hashes) - WINDOW + 1) if hashes else 0):
        window = hashes[at : at + WINDOW]
        smallest = min(window)
        if smallest not in kept:
            place = at + len(window) - 1 - window[::-1].index(smallest)
            kept[smallest] = (tokens[place].start, tokens[place + GRAM - 1].end)
    return kept


def _hash(gram: list[str]) -> int:
    """The same in every process, and cheap."""
    return crc32(" ".join(gram).encode("utf-8", "replace"))
