"""One student's files into submitted/: as a whole or not at all, nothing replaced that is not kept."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from grader.course.directory import Course
from grader.errors import explained, stops_all
from grader.intake.parcel import Parcel
from grader.intake.submissions import read_folder

NOTHING = "nothing of what was sent could be taken"
ANOTHER = "another submission is there already; --force replaces it"
LINK = "its folder in submitted/ is a link; nothing was written"
EARLIER = "replaced"  # in the course: what --force put something else in the place of


class DeliveryOutcome(StrEnum):
    """What lies in submitted/ after a delivery."""

    NEW = "new"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"  # the same was there
    KEPT = "kept"  # something else was there, and still is
    EMPTY = "empty"  # nothing could be taken


@dataclass(frozen=True)
class Delivery:
    """One student's submission."""

    student: str
    outcome: DeliveryOutcome
    files: int
    sent_at: datetime | None
    notes: tuple[str, ...] = ()

    @property
    def is_there(self) -> bool:
        """Whether what was sent lies in submitted/ now."""
        return self.outcome not in (DeliveryOutcome.KEPT, DeliveryOutcome.EMPTY)


def deliver(course: Course, target: Path, student: str, parcel: Parcel, force: bool) -> Delivery:
    """Write a submission as a whole, or not at all."""
    notes, files = tuple(parcel.notes), parcel.files
    if not files:
        return Delivery(student, DeliveryOutcome.EMPTY, 0, None, (NOTHING,))
    if target.parent.is_symlink() or target.is_symlink():
        return Delivery(student, DeliveryOutcome.KEPT, 0, None, (LINK,))
    outcome = DeliveryOutcome.NEW
    if target.exists():
        there, _ = read_folder(target, course)
        if there == files:
            return Delivery(student, DeliveryOutcome.UNCHANGED, len(files), parcel.sent_at, notes)
        if not force:
            return Delivery(student, DeliveryOutcome.KEPT, len(there), parcel.sent_at, (ANOTHER, *notes))
        outcome = DeliveryOutcome.REPLACED
    try:
        kept = _write(course, target, files)
    except OSError as error:
        if stops_all(error):
            raise explained(error, target) from error
        return Delivery(student, DeliveryOutcome.EMPTY, 0, None, (f"it cannot be written: {error.strerror}",))
    notes = (f"what was there before lies in {kept.relative_to(course.root)}", *notes) if kept else notes
    return Delivery(student, outcome, len(files), parcel.sent_at, notes)


def _write(course: Course, target: Path, files: dict[str, bytes]) -> Path | None:
    """Write beside the target first: a crash leaves the old submission, or none. Where the old one lies."""
    incoming = target.with_name(f".{target.name}.incoming")
    shutil.rmtree(incoming, ignore_errors=True)
    try:
        for path, data in files.items():
            file = incoming / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
    except OSError:
        shutil.rmtree(incoming, ignore_errors=True)
        raise
    earlier = None
    if target.exists():
        now = f"{datetime.now():%Y-%m-%d-%H-%M-%S-%f}"
        earlier = course.root / EARLIER / target.parent.name / target.name / now
        earlier.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(target, earlier)
    os.rename(incoming, target)
    return earlier
