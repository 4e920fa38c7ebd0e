"""A zip of feedback pages that Moodle hands to its students: named as the submissions it let you download."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from grader.course.directory import Course
from grader.errors import CourseError
from grader.intake.archives import open_download
from grader.intake.roster import Sender, roster_of
from grader.pages.export.sheet import Sheet

# Moodle's own part of a path: until 4.0 an underscore follows it, since then a slash
FOLDER = re.compile(
    r"(?:\A|/)(?P<name>[^/]+?)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)(?=[_/])", re.DOTALL
)


def write_feedback_zip(course: Course, sheet: Sheet, download: Path, path: Path) -> list[str]:
    """Pack feedback/ for Moodle; a line for each student whose pages are not in it.

    download: the zip of *Download all submissions*, which alone knows Moodle's number of each student.
    Raises CourseError for one that holds no submission of Moodle's.
    """
    folders = _folders(sheet, download)
    packed = set()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for student, (folder, *more) in sorted(folders.items()):
            for page in sorted(course.folder("feedback", student, sheet.assignment).glob("*.html")):
                if not more:
                    archive.write(page, f"{folder}/{page.name}")
                packed.add(student)
    return list(_lacking(sheet, folders, packed))


def _folders(sheet: Sheet, download: Path) -> dict[str, list[str]]:
    """student id -> the folders that may be this student's, named as every Moodle takes them."""
    with open_download(download) as contents:
        found = {m.group("name", "number") for one in contents.members if (m := FOLDER.search(one.path))}
    if not found:
        remedy = "give the zip of Moodle's *Download all submissions*"
        raise CourseError("no submission of Moodle's is in it", file=download, remedy=remedy)
    roster = roster_of([asdict(mark.person) for mark in sheet.marks.values()])
    folders: dict[str, list[str]] = {}
    for name, number in sorted(found):
        if student := roster.find(Sender(name=name)):
            folders.setdefault(student, []).append(f"{name}_{number}_assignsubmission_file_")
    return folders


def _lacking(sheet: Sheet, folders: Mapping[str, list[str]], packed: set[str]) -> Iterator[str]:
    for mark in sheet.handed_in:
        student = mark.person.id
        if len(folders.get(student, ())) != 1:
            found = "two folders" if student in folders else "no folder"
            yield f"not packed: {student}: {found} of the download with this name"
        elif student not in packed:
            yield f"not packed: {student}: there is no page; run `grader feedback` first"
