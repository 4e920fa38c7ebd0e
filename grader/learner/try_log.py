"""What a lone learner has tried and passed: one small file beside the chapters' folders."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from grader.atomic import write_atomic

RECORD = ".progress.json"
WORKING_COPY = ".released.json"  # lies where all chapters have their folders
TRIES_FOR_SOLUTION = 3
LEGEND = "■ passed   ◪ begun   □ not yet"


@dataclass(frozen=True)
class Tries:
    """One exercise: the digests of the different honest answers that failed, and the best score.

    fine: nothing of what was looked at failed. In a notebook nobody reaches more: the points of the checks
    that grading makes are not to be had there.
    """

    failed: tuple[str, ...] = ()
    points: float = 0.0
    max_points: float = 0.0
    fine: bool = False

    @property
    def passed(self) -> bool:
        return 0 < self.max_points <= self.points

    @property
    def box(self) -> str:
        """The exercise on a map of the course, by LEGEND."""
        return "■" if self.passed else "◪" if self.points or self.failed else "□"

    @property
    def may_see_solution(self) -> bool:
        return self.passed or self.fine or len(self.failed) >= TRIES_FOR_SOLUTION

    def after(self, answer: str, stub: str, points: float, max_points: float, *, fine: bool = False) -> Tries:
        """The record with one more try; the same answer again, or the released stub, is no new try.

        fine: nothing of what was looked at failed, as when a notebook's own checks all pass.
        """
        mark = hashlib.sha256("".join(answer.split()).encode()).hexdigest()[:16]
        honest = answer.split() != stub.split() and mark not in self.failed
        failed = (*self.failed, mark) if honest and not fine and points < max_points else self.failed
        best = max(points, self.points)
        return replace(self, failed=failed, points=best, max_points=max_points, fine=fine or self.fine)


def home_of(folder: Path) -> Path:
    """Where the record of the notebooks in `folder` lies: with the working copy, or beside them."""
    return folder.parent if (folder.parent / WORKING_COPY).is_file() else folder


class TryLog:
    """All tries of a learner, by chapter and exercise."""

    def __init__(self, folder: Path):
        self.folder, self._path = folder, folder / RECORD
        self.tries: dict[str, dict[str, Tries]] = self._read()

    def of(self, chapter: str, exercise: str) -> Tries:
        return self.tries.get(chapter, {}).get(exercise, Tries())

    def keep(self, chapter: str, exercise: str, tries: Tries) -> None:
        self.tries.setdefault(chapter, {})[exercise] = tries

    def save(self) -> bool:
        """Write the file; False where that is not allowed, which must not cost what was found out."""
        data = {c: {e: asdict(t) for e, t in by.items()} for c, by in self.tries.items()}
        try:
            write_atomic(self._path, json.dumps(data, indent=1))
        except OSError:
            return False
        return True

    def _read(self) -> dict[str, dict[str, Tries]]:
        try:
            data = json.loads(self._path.read_text(encoding="utf-8"))
            return {c: {e: _tries(t) for e, t in by.items()} for c, by in data.items()}
        except (OSError, ValueError, TypeError, AttributeError, KeyError):
            return {}


def _tries(data: dict) -> Tries:
    failed = tuple(str(mark) for mark in data["failed"])
    return Tries(failed, float(data["points"]), float(data["max_points"]), data.get("fine") is True)
