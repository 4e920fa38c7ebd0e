"""The students of a course, from the CSV that nbgrader imports, and finding one of them by what an LMS says.

A student is found by an exact id, e-mail address or full name that only one student has; never guessed.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.errors import CourseError
from grader.plainfiles import name_problem
from grader.spreadsheet import read_table

COLUMNS = ("id", "first_name", "last_name", "email", "lms_user_id")  # nbgrader db student import


@dataclass(frozen=True)
class Sender:
    """What a download says of who handed in: possible `ids`, an e-mail address, a full name."""

    ids: tuple[str, ...] = ()
    email: str = ""
    name: str = ""

    @property
    def called(self) -> str:
        """What a message calls them: all that a new row of the roster needs."""
        return ", ".join(part for part in (self.name, *self.ids[:1], self.email) if part) or "?"


@dataclass(frozen=True)
class Roster:
    """Student ids, and who is known by each name, address and number."""

    ids: frozenset[str]
    aliases: Mapping[str, set[str]]

    def find(self, sender: Sender) -> str | None:
        """The id of the one student who is meant, if any."""
        exact = {name for name in (*sender.ids, sender.name) if name in self.ids}
        found = exact.union(*(who for who in self._known(sender) if len(who) == 1 and not exact))
        return found.pop() if len(found) == 1 else None

    def namesakes(self, sender: Sender) -> list[str]:
        """The ids of several students who are all known as the sender is."""
        return sorted(set().union(*(who for who in self._known(sender) if len(who) > 1)))

    def _known(self, sender: Sender) -> list[set[str]]:
        names = (_plain(name) for name in (*sender.ids, sender.email, sender.name))
        return [self.aliases.get(name, set()) for name in names if name]


class OpenRoster(Roster):
    """No roster: whoever the download itself names with an id."""

    def __init__(self):
        super().__init__(frozenset(), {})

    def find(self, sender: Sender) -> str | None:
        return sender.ids[0] if len(sender.ids) == 1 else None


def roster_of(students: list[dict[str, str]]) -> Roster:
    """The roster of these students, with COLUMNS each."""
    return Roster(frozenset(row["id"] for row in students), _aliases(students))


def read_students(path: Path) -> list[dict[str, str]]:
    """Read nbgrader's student CSV (columns id, first_name, last_name, email, lms_user_id; id is needed).

    Raises CourseError for a file that is no such table, an id twice or one that can name no folder.
    """
    table, _ = read_table(path, "strict")
    columns, *rest = table or [[]]
    given = [dict(zip(columns, row, strict=False)) for row in rest]
    # A tab in front may be of the name: `neutral` kept it from being computed.
    rows = [{key: row.get(key, "").rstrip().lstrip(" \xa0") for key in COLUMNS} for row in given]
    if "id" not in columns:
        raise CourseError(
            "no column id, which a roster needs", file=path, remedy=f"give it {', '.join(COLUMNS)}"
        )
    if not rows:
        raise CourseError("a roster without students", file=path, remedy="add a row for each")
    uses = Counter(row["id"] for row in rows)
    for student, times in uses.items():
        if not is_folder_name(student) or times > 1:
            problem = f"the student id {student!r} is missing, used twice, or no possible name of a folder"
            raise CourseError(problem, file=path, remedy="mend the column id")
    return rows


def is_folder_name(student: str) -> bool:
    """Whether an id can be the name of a folder in submitted/."""
    return bool(student) and not set(student) & set("/\\") and student[0] != "." and not name_problem(student)


def _aliases(rows: list[dict[str, str]]) -> dict[str, set[str]]:
    """Who is known by each address, LMS id, and full name in either order."""
    known: dict[str, set[str]] = {}
    for row in rows:
        first, last = row["first_name"], row["last_name"]
        names = (first + last, last + first) if first and last else ()
        for alias in (row["email"], row["lms_user_id"], *names):
            known.setdefault(_plain(alias), set()).add(row["id"])
    return known


def _plain(name: str) -> str:
    """Letters and digits only, without case and accents: LMSs differ in what else they keep."""
    if "@" in name:
        return name.casefold()
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if letter.isalnum()).casefold()
