"""Marks for Moodle's grade import: who is meant by e-mail address or ID number, and one grade item."""

from __future__ import annotations

from grader.books.marks import Person
from grader.pages.export.sheet import Sheet
from grader.spreadsheet import Row, neutral

EMAIL = "Email address"
COLUMNS = ("ID number", "First name", "Surname")  # as Moodle's own export has them


def moodle_rows(sheet: Sheet) -> tuple[list[Row], list[str]]:
    """The table for Moodle's import, and a line for each thing that a person should know.

    A row for each student with a mark: to Moodle an empty cell takes a grade away. One address that it does
    not know stops it; a row without one goes to the student of the row before.
    """
    found = [mark for mark in sheet.handed_in if mark.score is not None]
    odd = [mark.person.id for mark in found if _is_odd(mark.person)]
    rows = [mark for mark in found if not _is_odd(mark.person)]
    nameless = [mark.person.id for mark in rows if not mark.person.email]
    table: list[Row] = [(*COLUMNS, sheet.assignment)]
    table += [(m.person.id, m.person.first_name, m.person.last_name, m.score) for m in rows]
    if not nameless:
        addresses = [EMAIL, *(mark.person.email for mark in rows)]
        table = [(address, *row) for address, row in zip(addresses, table, strict=True)]
    notes = [f"not written, id or address begins like a formula: {', '.join(odd)}"] if odd else []
    told = f"no e-mail address, so the file has none, and ID number must be mapped: {', '.join(nameless[:5])}"
    more = f" and {len(nameless) - 5} more" if len(nameless) > 5 else ""
    return table, notes + ([told + more] if nameless else [])


def _is_odd(person: Person) -> bool:
    """Whether Moodle would look for an apostrophe, too."""
    return neutral(person.id) != person.id or neutral(person.email) != person.email
