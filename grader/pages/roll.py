"""Who is who on the report: each student's name, and the way to the pages they get."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from grader.books.people import read_people
from grader.books.runs import Run
from grader.course.directory import Course


def call_roll(course: Course, runs: Iterable[Run], beside: Path) -> dict[str, dict]:
    """Student id -> "name" as the gradebook has it, "" where it has none, and "pages": notebook -> address.

    beside: the folder from which the addresses lead. Whether somebody made the pages is not asked.
    """
    names = {one["id"]: _name(one) for one in read_people(course)}
    return {
        run.student: {
            "name": names.get(run.student, ""),
            "pages": _pages(course.folder("feedback", run.student, run.assignment), run, beside),
        }
        for run in runs
    }


def _name(person: dict[str, str]) -> str:
    return ", ".join(part for part in (person["last_name"], person["first_name"]) if part)


def _pages(folder: Path, run: Run, beside: Path) -> dict[str, str]:
    way = Path(os.path.relpath(folder, beside)).as_posix()
    return {name: quote(f"{way}/{name}.html") for name in run.notebooks}
