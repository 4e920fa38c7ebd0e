"""What a worker of a cluster does for a grading: keep stations ready, hand them requests.

These functions run in the worker's threads, called by name from `cluster`. What they know of a grading is
under its token, a text that nobody else can guess; they keep no mark.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from queue import Empty, LifoQueue

from grader.answer_key import Surroundings
from grader.grading.environment import differences
from grader.grading.station import IDLE_SECONDS, STARTED, Station, StationSilent

_POOLS: dict[str, StationPool] = {}
STRANGER = b""  # the answer to who was not enlisted here, or whose worker was started anew


class StationPool:
    """The stations of one grading: one for each thread that asks at the same time."""

    def __init__(self, equipment: bytes):
        self._equipment, self._idle, self.used = equipment, LifoQueue[Station](), time.monotonic()

    def ask(self, request: bytes, seconds: float) -> bytes:
        """The answer of a station that is free, or of a new one. Raises StationSilent."""
        self.used = time.monotonic()
        station = self._free()
        if station.hello != STARTED:
            station.close()
            return station.hello
        answer = station.ask(request, seconds)
        self._idle.put(station)
        return answer

    def warm(self) -> bytes:
        """Start a station; STARTED, or its excuse as a reply."""
        station = self._free()
        (self._idle.put if station.hello == STARTED else Station.close)(station)
        return station.hello

    def close(self) -> None:
        while station := self._one_idle():
            station.close()

    def _free(self) -> Station:
        while station := self._one_idle():
            if station.is_alive:
                return station
            station.close()
        return Station(self._equipment)

    def _one_idle(self) -> Station | None:
        try:
            return self._idle.get_nowait()
        except Empty:
            return None


def enlist(
    token: str, theirs: Mapping[str, str], surroundings: Surroundings, equipment: bytes
) -> bytes | str:
    """STARTED when this machine can grade as the commander's would; why not as a text, or as a reply."""
    for old in [name for name, pool in _POOLS.items() if time.monotonic() - pool.used > IDLE_SECONDS]:
        dismiss(old)
    absent = [path for path in (surroundings.data, surroundings.python) if path and not Path(path).exists()]
    if why := differences(theirs) or ", ".join(f"{path} is not there" for path in absent):
        return why
    pool = _POOLS.setdefault(token, StationPool(equipment))
    try:
        return pool.warm()
    except StationSilent as silence:
        return str(silence)


def grade(token: str, request: bytes, seconds: float) -> bytes | str:
    """The bytes of a reply, or in a text why there is none."""
    pool = _POOLS.get(token)
    try:
        return pool.ask(request, seconds) if pool else STRANGER
    except StationSilent as silence:
        return str(silence)


def dismiss(token: str) -> None:
    """End what was started for a grading, and forget its key."""
    if pool := _POOLS.pop(token, None):
        pool.close()
