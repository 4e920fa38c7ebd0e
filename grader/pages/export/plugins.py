"""The formats as nbgrader's exporters: nbgrader export --exporter=grader.pages.export.plugins.MoodleExport"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import ExportPlugin
from traitlets import Unicode

from grader.books.lateness import has_policy, settle
from grader.course.directory import Course
from grader.errors import CourseError
from grader.pages.export.formats import CANVAS, Export
from grader.pages.export.sheet import Sheet, read_sheet


class _OneAssignment(ExportPlugin):
    """Writes one assignment, --assignment=[NAME], to the file --to; logs which marks are not there yet."""

    format = ""
    roster = Unicode("", help="nbgrader's student CSV, for names and addresses").tag(config=True)

    def export(self, gradebook: Gradebook) -> None:
        """Raises CourseError unless just one assignment is meant."""
        course = Course(CourseDirectory(parent=self.parent))  # its own was made before settings were read
        roster = Path(self.roster) if self.roster else None
        name = self._assignment(gradebook)
        if has_policy(course):
            settle(gradebook.db, course, name)
            gradebook.db.commit()
        sheet = read_sheet(gradebook.db, course, name, roster)
        for note in self._target(sheet).write(self._chosen(sheet)):
            self.log.warning("%s", note)

    def _assignment(self, gradebook: Gradebook) -> str:
        asked = [str(name).strip("[]'\"") for name in self.assignment]  # [ps1] comes as it was typed
        names = asked or [one.name for one in gradebook.assignments]
        if len(names) != 1:
            raise CourseError(
                f"one assignment at a time, not {len(names)}", remedy="give --assignment=[NAME]"
            )
        return names[0]

    def _chosen(self, sheet: Sheet) -> Sheet:
        wanted = {str(name).strip("[]'\"") for name in self.student} or set(sheet.marks)
        return replace(sheet, marks={name: mark for name, mark in sheet.marks.items() if name in wanted})

    def _target(self, sheet: Sheet) -> Export:
        return Export(self.format, Path(self.to or f"{sheet.assignment}-{self.format}.csv"))


class WideExport(_OneAssignment):
    """A row for each student."""

    format = "csv"


class LongExport(_OneAssignment):
    """A row for each question of each student."""

    format = "long"


class MoodleExport(_OneAssignment):
    """For Moodle's grade import."""

    format = "moodle"


class CanvasExport(_OneAssignment):
    """For Canvas' gradebook import."""

    format = CANVAS
    source = Unicode("", help="the gradebook as Canvas exports it").tag(config=True)
    column = Unicode("", help="what Canvas calls the assignment, if not as here").tag(config=True)

    def _target(self, sheet: Sheet) -> Export:
        source = Path(self.source) if self.source else None
        return replace(super()._target(sheet), source=source, column=self.column)
