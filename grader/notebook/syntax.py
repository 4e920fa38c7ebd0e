"""The tree of a cell's text, which is parsed and never compiled or run: it may be a student's."""

from __future__ import annotations

import ast
from functools import lru_cache

from grader.notebook.magics import without_magics

MAX_PARSED = 100_000  # characters of a student's: Python's parser takes the square of an f-string's length
KEPT = 32  # trees that are remembered: whoever asks what a cell binds asks what it reads, too
UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)  # what parsing may raise


@lru_cache(maxsize=KEPT)
def parse(source: str) -> ast.Module:
    """The tree of a cell, its magics opened; an empty one for what is no Python or too long. Only to be
    read: the next one who asks gets the same."""
    if len(source) <= MAX_PARSED:
        for text in (source, without_magics(source)):
            try:
                return ast.parse(text)
            except UNREADABLE:
                continue
    return ast.Module(body=[], type_ignores=[])
