"""Commands for what goes home or to another system: feedback, export, results."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.commands import READABLE, ROSTER_HELP, course_option, jobs_option, main, student_option
from grader.cli.grading import grade_with_progress
from grader.cli.terminal import progress_bar, say, warn

if TYPE_CHECKING:
    from grader.course.directory import Course
    from grader.pages.export.sheet import Sheet

ONE = "submission"  # who handed in what Gradescope shows one at a time


@main.command()
@click.argument("assignment")
@course_option
@jobs_option
@student_option
def feedback(assignment, course_dir, jobs, student):
    """Pages for the students: scores, hints, repairs; nothing of a hidden test."""
    from grader.books.run_files import ungraded
    from grader.machine import processors
    from grader.pages.feedback import write_feedback

    with progress_bar("feedback") as advance:
        pages = write_feedback(
            course_dir, assignment, student, jobs=jobs or processors(), on_progress=advance
        )
    if not pages:
        raise ungraded(assignment)
    say(f"{len(pages)} feedback pages in {course_dir / 'feedback'}")


@main.command()
@click.argument("assignment")
@course_option
@click.option(
    "--to",
    "layout",
    type=click.Choice(["csv", "long", "canvas", "moodle", "moodle-feedback", "gradescope"]),
    required=True,
    help="csv: a row for each student; long: one for each question; moodle-feedback: a zip of the pages;"
    " gradescope: a zip that grades there.",
)
@click.option(
    "--from", "source", type=READABLE, help="What Canvas' gradebook or Moodle's submissions export to."
)
@click.option("--column", default="", help="What Canvas calls the assignment, if not as here.")
@click.option("--roster", type=READABLE, help=ROSTER_HELP)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
def export(assignment, course_dir, layout, source, column, roster, output):
    """Marks for Canvas, Moodle or a spreadsheet, with late penalties and what was given by hand."""
    from grader.course.directory import open_course
    from grader.pages.export.formats import Export
    from grader.pages.export.sheet import open_sheet

    course = open_course(course_dir)
    if (column and layout != "canvas") or (source and layout not in ("canvas", "moodle-feedback")):
        raise click.UsageError("--from goes with canvas and moodle-feedback, --column with canvas")
    if layout == "gradescope":
        _autograder(course, assignment, output or Path(f"{assignment}-gradescope.zip"))
        return
    sheet = open_sheet(course, assignment, roster)
    if layout == "moodle-feedback":
        _moodle_feedback(course, sheet, source, output or Path(f"{assignment}-moodle-feedback.zip"))
        return
    path = output or Path(f"{assignment}-{layout}.csv")
    for note in Export(layout, path, source, column).write(sheet):
        warn(note)
    warn(f"{sum(mark.is_known for mark in sheet.marks.values())} students have a mark: {path}")


def _autograder(course: Course, assignment: str, path: Path) -> None:
    from grader.pages.export.gradescope import write_autograder

    write_autograder(course, assignment, path)
    warn(f"upload it to Gradescope as the autograder: {path}")


def _moodle_feedback(course: Course, sheet: Sheet, source: Path | None, path: Path) -> None:
    from grader.pages.export.moodle_feedback import write_feedback_zip

    if source is None:
        raise click.UsageError("give Moodle's own zip of submissions with --from")
    for note in write_feedback_zip(course, sheet, source, path):
        warn(note)
    warn(f"upload it to Moodle as feedback files in a zip: {path}")


@main.command()
@click.argument("assignment")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), default=Path("results.json"))
@course_option
def results(assignment, folder, output, course_dir):
    """One submission, as Gradescope has it in FOLDER, to Gradescope's results.json."""
    from grader.course.directory import open_course
    from grader.intake.one_student import take_folder
    from grader.pages.export import gradescope

    take_folder(open_course(course_dir), assignment, ONE, folder)
    summary = grade_with_progress(course_dir, assignment, students=ONE)
    graded = gradescope.results(course_dir, ONE, assignment)
    if graded is None:
        warn("\n".join(run.detail or run.waiting for run in summary.runs))
        sys.exit(1)
    gradescope.write_results(output, graded)
