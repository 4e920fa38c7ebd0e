"""When an assignment is due, and for whom later: due dates in the configuration, extensions in one CSV.

    c.Grader.timezone = "Europe/Berlin"                        # of all dates that name no other; UTC
    c.Grader.due_dates = {"ps1": "2026-10-01 23:59"}
    c.Grader.extensions = "extensions.csv"                     # student,assignment,extension,reason

An extension is a time after the due date (`2d`, `36h`, `90m`, `1d 12h`) or a due date of one's own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dateutil import parser

from grader.errors import CourseError
from grader.spreadsheet import read_table

COLUMNS = ("student", "assignment", "extension")
AFTER = re.compile(r"(?:(\d{1,4})\s*d)?\s*(?:(\d{1,5})\s*h)?\s*(?:(\d{1,6})\s*m)?")
REMEDY = 'write "2026-10-01 23:59", or 2d, 36h, 90m'

Extensions = Mapping[
    tuple[str, str], timedelta | datetime
]  # (student, assignment) -> time more, or until when


@dataclass(frozen=True)
class Deadlines:
    """Due dates by assignment, in UTC without a zone, as nbgrader keeps them.

    `extensions` is None where the course names no file of them: then those in the gradebook stand.
    """

    zone: ZoneInfo
    due: Mapping[str, datetime] = field(default_factory=dict)
    extensions: Extensions | None = None

    def extension(self, student: str, assignment: str, due: datetime) -> timedelta | None:
        """How much later than `due` a student may hand in."""
        given = (self.extensions or {}).get((student, assignment))
        return max(timedelta(0), given - due) if isinstance(given, datetime) else given

    def local(self, time: datetime) -> str:
        """A time of the gradebook as the class reads its clocks."""
        here = time.replace(tzinfo=UTC).astimezone(self.zone)
        return f"{here.day} {here:%B %Y, %H:%M} {here:%Z}"


def deadlines_of(config: Any, file: Path) -> Deadlines:
    """The deadlines that the configuration `file` sets. Raises CourseError for what is no date or zone."""
    own = config.Grader if "Grader" in config else {}
    try:
        zone = ZoneInfo(str(own.get("timezone") or "UTC"))
    except (OSError, ValueError, KeyError) as error:
        raise CourseError(
            f"c.Grader.timezone: {error.args[0]}", file=file, remedy='name one as "Europe/Berlin"'
        ) from error
    due = {str(name): moment(when, zone, file) for name, when in dict(own.get("due_dates") or {}).items()}
    extensions = _read(file.parent / str(own["extensions"]), zone) if own.get("extensions") else None
    return Deadlines(zone, due, extensions)


def moment(when: Any, zone: ZoneInfo, file: Path) -> datetime:
    """A date and time, of `zone` unless it names another, in UTC without a zone."""
    try:
        found = when if isinstance(when, datetime) else parser.parse(str(when))
        found = found if found.tzinfo else found.replace(tzinfo=zone)
        return found.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError) as error:
        raise CourseError(f"{when!r} is no date and time", file=file, remedy=REMEDY) from error


def _read(path: Path, zone: ZoneInfo) -> Extensions:
    rows, _ = read_table(path)
    header = [title.strip().lower() for title in rows[0]] if rows else []
    if not set(COLUMNS) <= set(header):
        remedy = f"give it the columns {', '.join(COLUMNS)}"
        raise CourseError("this is no table of extensions", file=path, remedy=remedy)
    places = [header.index(title) for title in COLUMNS]
    cells = ([row[at].strip() if at < len(row) else "" for at in places] for row in rows[1:])
    return {
        (student, assignment): _extension(text, zone, path)
        for student, assignment, text in cells
        if student and text
    }


def _extension(text: str, zone: ZoneInfo, file: Path) -> timedelta | datetime:
    match = AFTER.fullmatch(text)
    if match and any(match.groups()):
        days, hours, minutes = (int(part or 0) for part in match.groups())
        return timedelta(days=days, hours=hours, minutes=minutes)
    return moment(text, zone, file)
