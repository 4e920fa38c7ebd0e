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

FOLDER = re.compile(r"((?P<name>[^/]+?)_\d+_assignsubmission_file_)", re.DOTALL)


def write_feedback_zip(course: Course, sheet: Sheet, download: Path, path: Path) -> list[str]:
    """Pack feedback/ for Moodle; a line for each student whose pages are not in it.

    download: the zip of *Download all submissions*, which alone knows Moodle's number of each student.
    Raises CourseError for one that holds no submission of Moodle's.
    """
    folders = _folders(sheet, download)
    packed = set()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for student, folder in sorted(folders.items()):
            for page in sorted(course.folder("feedback", student, sheet.assignment).glob("*.html")):
                archive.write(page, f"{folder}/{page.name}")
                packed.add(student)
    return list(_lacking(sheet, folders, packed))


def _folders(sheet: Sheet, download: Path) -> dict[str, str]:
    """student id -> the name of the folder that Moodle knows the student by."""
    people = [asdict(mark.person) for mark in sheet.marks.values()]
    with open_download(download) as contents:
        found = {
            m[1]: m["name"] for one in contents.members if (m := FOLDER.match(one.path.split("/")[-2:][0]))
        }
        found |= {m[1]: m["name"] for one in contents.members if (m := FOLDER.match(one.path))}
    if not found:
        remedy = "give the zip of Moodle's *Download all submissions*"
        raise CourseError("no submission of Moodle's is in it", file=download, remedy=remedy)
    roster = roster_of(people)
    known = {folder: roster.find(Sender(name=name)) for folder, name in found.items()}
    return {student: folder for folder, student in known.items() if student}


def _lacking(sheet: Sheet, folders: Mapping[str, str], packed: set[str]) -> Iterator[str]:
    for mark in sheet.handed_in:
        student = mark.person.id
        if student not in folders:
            yield f"not packed: {student}: no folder of the download bears this name"
        elif student not in packed:
            yield f"not packed: {student}: there is no page; run `grader feedback` first"
