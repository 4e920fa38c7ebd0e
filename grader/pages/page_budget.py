"""How much of a page, and of the time to make it, goes to what a student made."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from grader.bounds import BoundExceeded, bounded

PIECE_SECONDS = 2.0  # for one cell or its outputs
PAGE_SECONDS = 10.0  # for all of them


class PageBudget:
    """What is left of a page for what a student made: bytes, and the work and time of making it HTML."""

    def __init__(self, size: int):
        self._left, self._work, self._seconds = size, 2 * size, PAGE_SECONDS

    def take(self, render: Callable[[Any], str], made: Any) -> str:
        """What was made as HTML, or a short note in its place when it does not fit any more."""
        started = time.process_time()
        piece = self._rendered(render, made) if self._work > 0 and self._seconds > 0 else ""
        self._seconds -= time.process_time() - started
        self._work -= len(piece)
        if not piece or len(piece) > self._left:
            return '<p class="note">Not shown: this page has no more room for it.</p>' if made else ""
        self._left -= len(piece)
        return piece

    def _rendered(self, render: Callable[[Any], str], made: Any) -> str:
        try:
            with bounded(min(self._seconds, PIECE_SECONDS)):
                return render(made)
        except BoundExceeded:
            return ""
