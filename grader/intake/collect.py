"""Folders, zips and downloads of learning platforms -> submitted/.

Nothing is written outside submitted/, nothing is replaced without `force`, and a second run changes nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from grader.apart import apart
from grader.bounds import BoundExceeded
from grader.course.directory import Course, open_course
from grader.course.key import load_key
from grader.errors import CourseError
from grader.intake.archives import open_download, plain_member
from grader.intake.contents import Contents, Member
from grader.intake.delivery import Delivery, deliver
from grader.intake.parcel import Parcel, pack
from grader.intake.platforms import SentFile
from grader.intake.recognition import is_of_one_student, recognise
from grader.intake.roster import OpenRoster, Roster, Sender, is_folder_name
from grader.intake.submissions import list_submissions
from grader.plainfiles import shown

PACK_SECONDS, PACK_MB = 60.0, 2000  # to unpack what one student sent
MAX_LINES = 200  # for the entries of one download or student: a million of them help nobody


@dataclass(frozen=True)
class RefusedEntry:
    """One entry of a download that was not taken, and why. `student` is "" where it names none."""

    download: str
    student: str
    path: str
    why: str


@dataclass
class Intake:
    """What `collect` did; `unknown` are the senders that no roster knows."""

    collected: list[Delivery] = field(default_factory=list)
    refused: list[RefusedEntry] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    shapes: dict[str, str] = field(default_factory=dict)  # of each download
    expected: int = 0
    """students on the roster"""
    absent: list[str] = field(default_factory=list)
    """those of them who have handed in nothing so far"""


def collect(
    assignment: str,
    archives: Iterable[Path],
    course_dir: Path,
    *,
    roster: Roster | None = None,
    force: bool = False,
) -> Intake:
    """Put what the students sent for `assignment` into submitted/STUDENT/ASSIGNMENT.

    `archives` are folders, zips or single files; without a `roster`, only ids that stand in the download
    itself are used. Raises CourseError for a course that is not there or cannot be written to.
    """
    course = open_course(course_dir)
    notebooks = load_key(course, assignment).notebooks
    intake, sent = Intake(), dict[str, list[SentFile]]()
    with ExitStack() as stack:
        for batch, (name, contents) in enumerate(_downloads(archives, assignment)):
            stack.enter_context(contents)
            intake.refused += _lines(contents.refused, name, "")
            _sort_out(intake, sent, contents, assignment, roster or OpenRoster(), (name, batch))
        for student, uploads in sorted(sent.items()):
            parcel = _packed(student, sorted(uploads, key=_order), notebooks, course.ignore)
            target = course.folder("submitted", student, assignment)
            intake.refused += _lines(parcel.refused, "", student)
            intake.collected.append(deliver(course, target, student, parcel, force))
    if roster:
        _call(intake, course, assignment, roster)
    return intake


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
        parcel = _packed(student, sent, load_key(course, assignment).notebooks, course.ignore)
    return deliver(course, course.folder("submitted", student, assignment), student, parcel, force=True)


def _call(intake: Intake, course: Course, assignment: str, roster: Roster) -> None:
    """The roll-call."""
    handed_in = set(list_submissions(course, assignment))
    intake.expected, intake.absent = len(roster.ids), sorted(roster.ids - handed_in)


def _order(one: SentFile) -> tuple[int, int]:
    return one.order, one.batch


def _packed(student: str, uploads: list[SentFile], notebooks: Mapping, ignored: list[str]) -> Parcel:
    """What of a student's uploads can be had within the bounds, or nothing and the reason."""
    try:
        return apart(lambda: pack(uploads, notebooks, ignored), PACK_SECONDS, PACK_MB)
    except (Exception, BoundExceeded) as error:
        took = isinstance(error, BoundExceeded)
        why = f"to unpack it takes {error}" if took else f"{type(error).__name__}: {error}"
        return Parcel(refused=[("all of it", why[:300])])


def _downloads(archives: Iterable[Path], assignment: str) -> list[tuple[str, Contents]]:
    """Each folder and zip by itself; files that are one student's, all together."""
    paths = [Path(path) for path in archives]
    single = [
        p for p in paths if not p.is_dir() and (p.suffix != ".zip" or is_of_one_student(p.name, assignment))
    ]
    downloads = [(path.name, open_download(path)) for path in paths if path not in single]
    loose = Contents([Member(path.name, plain_member(path)) for path in single])
    return [*downloads, ("single files", loose)] if single else downloads


def _sort_out(
    intake: Intake,
    sent: dict[str, list[SentFile]],
    contents: Contents,
    assignment: str,
    roster: Roster,
    origin,
) -> None:
    """Give each file of a download to its student."""
    name, batch = origin
    download = recognise(contents, assignment, roster)
    intake.shapes[name] = download.shape
    strangers = [(shown(path), "it names no student") for path in download.strangers]
    intake.refused += _lines(strangers, name, "")
    for one in download.sent:
        student = roster.find(one.sender)
        if student is not None and is_folder_name(student):
            sent.setdefault(student, []).append(replace(one, batch=batch))
        elif (called := f"{shown(one.sender.called)} ({name})") not in intake.unknown:
            intake.unknown.append(called)


def _lines(refused: list[tuple[str, str]], download: str, student: str) -> list[RefusedEntry]:
    """A line for each entry; of very many only the first, and how many more."""
    lines = [RefusedEntry(download, student, path, why) for path, why in refused[:MAX_LINES]]
    more = len(refused) - MAX_LINES
    return [*lines, RefusedEntry(download, student, f"{more} more", "as above")] if more > 0 else lines
