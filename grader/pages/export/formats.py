"""Every format by its name: from the marks of a class to a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.errors import CourseError
from grader.pages.export.canvas import canvas_rows, read_canvas
from grader.pages.export.moodle import moodle_rows
from grader.pages.export.plain import long_rows, wide_rows
from grader.pages.export.sheet import Sheet
from grader.spreadsheet import Row, write_table

TABLES = {"csv": wide_rows, "long": long_rows}
CANVAS, MOODLE = "canvas", "moodle"


@dataclass(frozen=True)
class Export:
    """A file to be written. `source` and `column` are Canvas' export and what it calls the assignment."""

    format: str
    path: Path
    source: Path | None = None
    column: str = ""

    def write(self, sheet: Sheet) -> list[str]:
        """Write the marks; a line for each that is not there yet or found no row. Raises CourseError."""
        rows, notes, separator = self._table(sheet)
        write_table(self.path, rows, separator)
        return [*sheet.notes, *notes]

    def _table(self, sheet: Sheet) -> tuple[Iterable[Row], Sequence[str], str]:
        """(rows, notes, what separates the columns)"""
        if self.format in TABLES:
            return TABLES[self.format](sheet), (), ","
        if self.format == MOODLE:
            return *moodle_rows(sheet), ","
        if self.source is None:
            remedy = "take one out of Canvas (Grades > Export) and give it with --from"
            raise CourseError("Canvas' ids stand in its own export of the gradebook", remedy=remedy)
        export = read_canvas(self.source)
        return *canvas_rows(sheet, export, self.column), export.separator
