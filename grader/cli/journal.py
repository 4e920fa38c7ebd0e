"""What happens in a grading, as it happens: a log file, lines of JSON for programs, a bar for people."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.books.runs import Run

FOLDER = "logs"  # in the course
WAITS_SECONDS = 5.0  # from here on it is said for whom


class Journal:
    """The events of one run. Each is a line of JSON with `at` (UTC) and `event`, given to all `writers`."""

    def __init__(self, writers: list[Callable[[str], object]], advance: Callable[..., None]):
        self._writers, self._advance = writers, advance
        self._began, self._first = time.monotonic(), 0
        self._done = self._total = 0
        self._labels: Counter[str] = Counter()

    def note(self, event: str, **facts: Any) -> None:
        """Write one event. A log that cannot be written stops no grading."""
        line = json.dumps({"at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", "event": event} | facts)
        for write in self._writers:
            with suppress(OSError):
                write(line)

    def progress(self, done: int, total: int) -> None:
        """So many of so many are done; the first call says how many needed nothing."""
        self._first = self._first if self._total else done
        self._done, self._total = done, total
        self._advance(done, total, self._counts)

    def waiting(self, student: str, seconds: float) -> None:
        """Of those who are being graded, this one takes longest, so far."""
        if seconds >= WAITS_SECONDS:
            longest = f"waiting for {student}, {seconds:.0f} s"
            self._advance(self._done, self._total, f"{self._counts} {longest}".lstrip())

    def graded(self, run: Run) -> None:
        """One submission has its record."""
        self._labels[run.label] += 1
        done = self._done + 1
        left = (self._total - done) / self.rate if self.rate else None
        self.note(
            "graded", student=run.student, label=run.label, detail=run.detail, seconds=round(run.seconds, 2),
            done=done, total=self._total, per_second=round(self.rate, 2),
            seconds_left=left and round(left), labels=dict(self._labels),
        )  # fmt: skip

    @property
    def _counts(self) -> str:
        counts = ", ".join(f"{count} {label}" for label, count in self._labels.items())
        return f"{self.rate:.1f}/s {counts}" if counts else ""

    @property
    def rate(self) -> float:
        """Submissions a second, so far."""
        return self._labels.total() / max(time.monotonic() - self._began, 0.001)


@contextmanager
def journal(
    course_dir: Path, assignment: str, *, keep: bool, echo: bool, advance: Callable[..., None]
) -> Iterator[Journal]:
    """The journal of a run that begins now: in logs/ASSIGNMENT-TIME.jsonl, on standard output, as told."""
    with ExitStack() as stack:
        writers: list[Callable[[str], object]] = [partial(print, flush=True)] if echo else []
        with suppress(OSError):
            log = stack.enter_context(_log(course_dir, assignment)) if keep else None
            writers += [lambda line: log.write(f"{line}\n".encode())] if log else []
        own = Journal(writers, advance)
        own.note("began", assignment=assignment)
        try:
            yield own
        except BaseException as error:
            own.note("failed", error=f"{type(error).__name__}: {error}"[:1000])
            raise


def _log(course_dir: Path, assignment: str) -> FileIO:
    """Without a buffer: what a full disk did not take must not come up again when the file is closed."""
    folder = course_dir / FOLDER
    folder.mkdir(exist_ok=True)
    return FileIO(folder / f"{assignment}-{datetime.now():%Y-%m-%d-%H-%M-%S-%f}.jsonl", "x")
