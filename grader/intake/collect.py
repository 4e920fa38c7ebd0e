"""Folders, zips and downloads of learning platforms -> submitted/.

Nothing is written outside submitted/, nothing is replaced without `force`, and a second run changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from grader.course.directory import Course, open_course
from grader.course.key import load_key
from grader.intake.account import Intake
from grader.intake.archives import open_download, plain_member
from grader.intake.contents import Contents, Member
from grader.intake.delivery import deliver
from grader.intake.one_student import pack_within_bounds
from grader.intake.recognition import is_of_one_student, recognise
from grader.intake.roster import OpenRoster, Roster, is_folder_name
from grader.intake.sent_file import SentFile
from grader.intake.submissions import list_submissions
from grader.plainfiles import shown


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
            intake.refuse(contents.refused, download=name)
            _sort_out(intake, sent, contents, assignment, roster or OpenRoster(), (name, batch))
        for student, uploads in sorted(sent.items()):
            parcel = pack_within_bounds(sorted(uploads, key=_order), notebooks, course.ignore)
            target = course.folder("submitted", student, assignment)
            intake.refuse(parcel.refused, student=student)
            intake.collected.append(deliver(course, target, student, parcel, force))
    if roster:
        _call(intake, course, assignment, roster)
    return intake


def _call(intake: Intake, course: Course, assignment: str, roster: Roster) -> None:
    """The roll-call."""
    handed_in = set(list_submissions(course, assignment))
    intake.expected, intake.absent = len(roster.ids), sorted(roster.ids - handed_in)


def _order(one: SentFile) -> tuple[int, int]:
    return one.order, one.batch


def _downloads(archives: Iterable[Path], assignment: str) -> list[tuple[str, Contents]]:
    """Each folder and zip by itself; files that are one student's, all together."""
    paths = [Path(path) for path in archives]
    files = [path for path in paths if not path.is_dir()]
    single = [p for p in files if p.suffix.lower() != ".zip" or is_of_one_student(p.name, assignment)]
    downloads = [(path.name, open_download(path)) for path in paths if path not in single]
    loose = Contents([Member(path.name, plain_member(path)) for path in single])
    return [*downloads, ("single files", loose)] if single else downloads


def _sort_out(
    intake: Intake,
    sent: dict[str, list[SentFile]],
    contents: Contents,
    assignment: str,
    roster: Roster,
    origin: tuple[str, int],
) -> None:
    """Give each file of a download to its student."""
    name, batch = origin
    download = recognise(contents, assignment, roster)
    intake.shapes[name] = download.shape
    strangers = [(shown(path), "it names no student") for path in download.strangers]
    intake.refuse(strangers, download=name)
    for one in download.sent:
        student = roster.find(one.sender)
        if student is not None and is_folder_name(student):
            sent.setdefault(student, []).append(replace(one, batch=batch))
        else:
            called = f"{shown(one.sender.called)} ({name})"
            intake.leave_out(called, roster.namesakes(one.sender))
