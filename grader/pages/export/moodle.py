"""Marks for Moodle's grade import: who is meant by e-mail address or ID number, and one grade item."""

from __future__ import annotations

from collections.abc import Iterator

from grader.pages.export.sheet import Sheet
from grader.spreadsheet import Row

COLUMNS = ("Email address", "ID number", "First name", "Surname")  # as Moodle's own export has them


def moodle_rows(sheet: Sheet) -> Iterator[Row]:
    """A row for each student who handed in; the others' grades in Moodle stay as they are."""
    yield (*COLUMNS, sheet.assignment)
    for mark in sheet.handed_in:
        person = mark.person
        yield (person.email, person.id, person.first_name, person.last_name, mark.score)
