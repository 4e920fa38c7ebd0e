"""How fast a download goes: said while it goes, and broken off when it would take for ever."""

from __future__ import annotations

import time

JUDGE_AFTER = 15  # seconds; the rate over each such stretch is compared with the least one wanted
TELL_EVERY = 0.5  # seconds


class TooSlow(Exception):
    """The rate is below the least one that was asked for; the message has the rate and the time left."""


class Pace:
    """Says how fast it goes and how long it will take; breaks off what is slower than min_rate, bytes/s."""

    def __init__(self, min_rate: float) -> None:
        self.min_rate, self.last_shown, self.last = min_rate, 0.0, 0
        self.began = self.window_began = time.monotonic()
        self.bytes = self.window_bytes = 0

    def start(self, done: int) -> None:
        """A connection begins, `done` bytes being there already."""
        self.last = done

    def tell(self, done: int, total: int | None) -> None:
        """`done` of `total` bytes are there (None: unknown). Raises TooSlow."""
        now, new = time.monotonic(), done - self.last
        self.last, self.bytes, self.window_bytes = done, self.bytes + new, self.window_bytes + new
        if now - self.last_shown > TELL_EVERY or done == total:
            self.last_shown = now
            rate = self.bytes / max(now - self.began, 1e-3)
            print(f"\r{_progress(done, total, rate):<60}", end="\n" if done == total else "", flush=True)
        if now - self.window_began > JUDGE_AFTER:
            self._judge(now, (total or done) - done)

    def _judge(self, now, missing):
        rate = self.window_bytes / (now - self.window_began)
        self.window_began, self.window_bytes = now, 0
        if rate < self.min_rate:
            print()
            raise TooSlow(f"too slow: {rate / 1e3:.0f} kB/s, {_minutes(missing, rate)} left")


def _progress(done, total, rate):
    if total is None:
        return f"{done / 1e6:.1f} MB, {rate / 1e6:.2f} MB/s"
    left = _minutes(total - done, rate)
    return f"{done / 1e6:.1f} of {total / 1e6:.1f} MB, {rate / 1e6:.2f} MB/s, {left} left"


def _minutes(size, rate):
    seconds = max(0, round(size / max(rate, 1.0)))
    return f"{seconds // 60} min {seconds % 60:02} s"
