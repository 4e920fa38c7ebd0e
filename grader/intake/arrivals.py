"""What arrives in a folder, one entry for each hand-in, and what became of it: a record that survives an end.

An arrival is written down before anything is done with it and again when all is done. So whoever is killed
in between does it again, to the same end, and counts it once. The folder is looked at again and again, which
also works where it lies on another machine's disk.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path

from grader.atomic import write_atomic
from grader.errors import GraderError
from grader.intake.arrival import INBOUND, Arrival
from grader.intake.roster import is_folder_name
from grader.plainfiles import walk


class Arrivals:
    """The arrivals of one assignment in one folder; the record is a JSON file."""

    def __init__(self, folder: Path, record: Path, assignment: str, student_of: Callable[[str], str | None]):
        self._folder, self._record = folder, record
        self._assignment, self._student_of = assignment, student_of
        self.known = [Arrival(**one) for one in json.loads(record.read_bytes())] if record.exists() else []
        self._seen: dict[str, str] = {}  # at the last look, not yet at rest
        self.strangers: set[str] = set()

    def look(self) -> None:
        """Write down what has arrived and is as it was at the last look: nobody writes at it any more."""
        last = {arrival.entry: arrival.signature for arrival in self.known}
        now = {entry.name: self._signature(entry) for entry in self._entries(last)}
        fresh = {name: found for name, found in now.items() if found and found != last.get(name)}
        rested = sorted(name for name, found in fresh.items() if self._seen.get(name) == found)
        at = f"{datetime.now(UTC).replace(tzinfo=None, microsecond=0)}"
        arrived = [Arrival(name, str(self.student(name)), at, fresh[name]) for name in rested]
        self._seen = {name: found for name, found in fresh.items() if name not in rested}
        if arrived:
            self.known += arrived
            self._write()

    def due(self, most: int | None, today: date) -> list[Arrival]:
        """What is to be graded now: what was begun and not done, and the latest of each student who has begun
        fewer than `most` today. What a later one has replaced is done with."""
        begun = {arrival.student: arrival for arrival in self.known if arrival.day and not arrival.done}
        waiting = {arrival.student: arrival for arrival in self.known if not arrival.day and not arrival.done}
        for arrival in self.known:
            replaced = arrival is not waiting.get(arrival.student, arrival)
            arrival.done = arrival.done or (replaced and not arrival.day)
        free = [
            a for s, a in waiting.items() if s not in begun and (most is None or self.begun(s, today) < most)
        ]
        return [*begun.values(), *free]

    def waiting(self) -> list[Arrival]:
        """What has not been begun."""
        return [arrival for arrival in self.known if not arrival.day and not arrival.done]

    def begun(self, student: str, day: date) -> int:
        """How many of a student's were begun on a day."""
        return sum(arrival.student == student and arrival.day == day.isoformat() for arrival in self.known)

    def begin(self, arrivals: list[Arrival], today: date) -> None:
        for arrival in arrivals:
            arrival.day = arrival.day or today.isoformat()
        self._write()

    def finish(self, arrivals: list[Arrival]) -> None:
        for arrival in arrivals:
            arrival.done = True
        self._write()

    def path(self, arrival: Arrival) -> Path:
        return self._folder / arrival.entry

    def student(self, name: str) -> str | None:
        """Whose entry this is: by the exchange's naming, or by what stands before the first dot."""
        first, assignment = f"{name}{INBOUND}".split(INBOUND)[:2]
        if INBOUND in name and assignment != self._assignment:
            return None
        student = first if INBOUND in name else self._student_of(name.split(".")[0])
        return student if student and is_folder_name(student) else None

    def _entries(self, known: dict[str, str]) -> Iterator[os.DirEntry]:
        """What belongs to a student; what came through the exchange is never written to again."""
        for entry in os.scandir(self._folder):
            if entry.name.startswith(".") or (INBOUND in entry.name and entry.name in known):
                continue
            if self.student(entry.name):
                yield entry
            elif INBOUND not in entry.name:
                self.strangers.add(entry.name)

    @staticmethod
    def _signature(entry: os.DirEntry) -> str:
        """Of the plain files below; nothing where there is none, or one goes away meanwhile."""
        is_folder = entry.is_dir(follow_symlinks=False)
        try:
            paths = walk(Path(entry.path), []) if is_folder else [(entry.name, Path(entry.path))]
            stats = [(name, path.lstat()) for name, path in paths]
        except OSError:
            return ""
        lines = json.dumps([[name, stat.st_size, stat.st_mtime_ns] for name, stat in sorted(stats)])
        return hashlib.sha256(lines.encode()).hexdigest() if stats else ""

    def _write(self) -> None:
        write_atomic(self._record, json.dumps([asdict(arrival) for arrival in self.known]))


@contextmanager
def sole_watch(record: Path) -> Iterator[None]:
    """Nobody else keeps this record. Raises GraderError where somebody does."""
    record.parent.mkdir(parents=True, exist_ok=True)
    with open(record.with_suffix(".lock"), "w") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise GraderError(f"somebody watches already, and keeps {record} -- end that first") from error
        yield
