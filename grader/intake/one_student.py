"""What one student sent, packed within bounds and put into submitted/."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from grader.apart import apart
from grader.bounds import BoundExceeded
from grader.course.directory import Course
from grader.course.key import load_key
from grader.errors import CourseError
from grader.intake.archives import open_download, plain_member
from grader.intake.contents import Contents, Member
from grader.intake.delivery import Delivery, deliver
from grader.intake.parcel import Parcel, pack
from grader.intake.roster import Sender
from grader.intake.sent_file import SentFile

PACK_SECONDS, PACK_MB = 60.0, 2000  # to unpack what one student sent


def take_folder(course: Course, assignment: str, student: str, folder: Path) -> None:
    """Put a folder of one student's into submitted/ as it is, in the place of what was there.

    CourseError for a folder that the course itself lies in.
    """
    target = course.folder("submitted", student, assignment)
    if target.resolve().is_relative_to(folder.resolve()):
        raise CourseError("holds the course itself", file=folder, remedy="name the folder that was handed in")
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(folder, target, symlinks=True)


def collect_one(
    course: Course, assignment: str, student: str, path: Path, sent_at: datetime | None
) -> Delivery:
    """Put what one student sent, a folder or a file, into submitted/; what was there is kept elsewhere.

    sent_at: when, in UTC without a zone; None for a folder whose timestamp.txt nbgrader wrote.
    """
    contents = open_download(path) if path.is_dir() else Contents([Member(path.name, plain_member(path))])
    with contents:
        whole = SentFile(Sender((student,)), "", Member("", bytes), 0, sent_at, is_nbgraders=sent_at is None)
        sent = [replace(whole, path=member.path, member=member) for member in contents.members]
        parcel = pack_within_bounds(sent, load_key(course, assignment).notebooks, course.ignore)
    return deliver(course, course.folder("submitted", student, assignment), student, parcel, force=True)


def pack_within_bounds(uploads: list[SentFile], notebooks: Mapping, ignored: list[str]) -> Parcel:
    """What of a student's uploads can be had within the bounds, or nothing and the reason."""
    try:
        return apart(lambda: pack(uploads, notebooks, ignored), PACK_SECONDS, PACK_MB)
    except (Exception, BoundExceeded) as error:
        took = isinstance(error, BoundExceeded)
        why = f"to unpack it takes {error}" if took else f"{type(error).__name__}: {error}"
        return Parcel(refused=[("all of it", why[:300])])
