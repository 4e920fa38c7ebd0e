"""Marks for Canvas' gradebook import: the columns, ids and header rows of an export from the same course."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from grader.books.marks import Person
from grader.errors import CourseError
from grader.pages.export.sheet import Sheet
from grader.spreadsheet import Row, read_table

NAMES = ({"Student"}, {"LastName", "FirstName"})  # in one column or two, as Canvas was asked
LOGINS = ("SIS User ID", "SIS Login ID")
IDS = ("ID", *LOGINS, "Integration ID", "Root Account")
WHO = ("Student", "LastName", "FirstName", *IDS, "Section")
POSSIBLE = "points possible"
Names = Mapping[str, set[str]]  # what students are known by -> their ids
COLUMN_ID = re.compile(r"\s*\(\d+\)\s*$")


@dataclass(frozen=True)
class CanvasGradebook:
    """A gradebook that a teacher took out of Canvas. `header` and `rows` are its cells."""

    file: Path
    header: list[str]
    rows: list[list[str]]
    separator: str

    def column(self, name: str) -> int:
        """The column of the assignment `name`, whatever id stands behind it. CourseError: not just one."""
        found = [i for i, title in enumerate(self.header) if title not in WHO and _same(title, name)]
        if len(found) != 1:
            there = ", ".join(title for title in self.header if COLUMN_ID.search(title)) or "no assignment"
            problem = f"{len(found)} columns are called {name!r}; there is: {there}"
            raise CourseError(problem, file=self.file, remedy="name one with --column")
        return found[0]

    def cell(self, row: list[str], title: str) -> str:
        """What a row has in the column `title`, without spaces around it."""
        return _at(row, self.header.index(title)).strip() if title in self.header else ""

    @cached_property
    def students(self) -> list[list[str]]:
        """The rows of people; those of a header have no id."""
        return [row for row in self.rows if self.cell(row, "ID")]

    @cached_property
    def heads(self) -> list[list[str]]:
        """The rows that say how an assignment is posted and what it is worth."""
        return [row for row in self.rows if not self.cell(row, "ID")]


def read_canvas(path: Path) -> CanvasGradebook:
    """Raises CourseError for a file that is no gradebook of Canvas."""
    rows, separator = read_table(path)
    header = [title.strip() for title in rows[0]] if rows else []
    if "ID" not in header or not any(names <= set(header) for names in NAMES):
        remedy = "give the file of Grades > Export in Canvas"
        raise CourseError("this is no gradebook of Canvas", file=path, remedy=remedy)
    return CanvasGradebook(Path(path), header, rows[1:], separator)


def canvas_rows(sheet: Sheet, export: CanvasGradebook, column: str = "") -> tuple[list[Row], list[str]]:
    """The table for Canvas' import, and a line for each thing that a person should know.

    Who has no mark, or is not of this course, keeps what Canvas has: an empty cell would take it away.
    """
    place = export.column(column or sheet.assignment)
    whose, notes = _matches(sheet, export)
    who = [title for title in WHO if title in export.header]
    table: list[Row] = [(*who, export.header[place])]
    for row in export.heads + export.students:
        mark = sheet.marks.get(whose.get(export.cell(row, "ID"), ""))
        score = mark.score if mark and mark.handed_in else None
        cells = (_at(row, export.header.index(title)) for title in who)
        table.append((*cells, _at(row, place) if score is None else score))
    return table, notes + _worth(sheet, export, place)


def _at(row: list[str], place: int) -> str:
    """A cell as it stands; rows may be shorter than the header."""
    return row[place] if place < len(row) else ""


def _matches(sheet: Sheet, export: CanvasGradebook) -> tuple[Mapping[str, str], list[str]]:
    """Canvas' ID -> student id, one to one, and lines that name who handed in and is not found."""
    people = [mark.person for mark in sheet.marks.values()]
    claims = _claims(export, _known_by_login(people), {one.lms_user_id: {one.id} for one in people})
    if not claims:  # collected without a roster: then Canvas' own ids may be the names of the folders
        claims = _claims(export, {}, {one.id: {one.id} for one in people})
    unwritten: dict[str, list[str]] = {}
    for mark in sheet.handed_in:
        rows = len(claims.get(mark.person.id, ()))
        if rows != 1:
            unwritten.setdefault(f"{rows} rows" if rows else "no row", []).append(mark.person.id)
    notes = [
        f"not written, {found} of {export.file.name} with this id or address: {', '.join(students)}"
        for found, students in unwritten.items()
    ]
    return {ids[0]: student for student, ids in claims.items() if len(ids) == 1}, notes


def _claims(export: CanvasGradebook, logins: Names, ids: Names) -> dict[str, list[str]]:
    """student id -> the Canvas ids of the rows that mean this student and nobody else."""
    claims: dict[str, list[str]] = {}
    for row in export.students:
        own = export.cell(row, "ID")
        found = set(ids.get(own, ()))
        for title in LOGINS:
            text = export.cell(row, title)
            found |= logins.get(text, set()) | logins.get(text.casefold() if "@" in text else "", set())
        if len(found) == 1:
            claims.setdefault(found.pop(), []).append(own)
    return claims


def _known_by_login(people: list[Person]) -> Names:
    known: dict[str, set[str]] = {}
    for one in people:
        for name in {one.id, one.email.casefold()} - {""}:
            known.setdefault(name, set()).add(one.id)
    return known


def _worth(sheet: Sheet, export: CanvasGradebook, place: int) -> list[str]:
    """A line when Canvas counts the assignment out of another number of points."""
    for row in export.heads:
        said = _at(row, place).strip()
        if row[0].strip().casefold() == POSSIBLE and said and _points(said) != round(sheet.max_score, 6):
            return [f"{export.header[place]} is worth {said} in Canvas, {sheet.max_score:g} in the gradebook"]
    return []


def _points(text: str) -> float | None:
    try:
        return round(float(text.replace(",", ".")), 6)
    except ValueError:
        return None


def _same(title: str, name: str) -> bool:
    return name in (title, COLUMN_ID.sub("", title))
