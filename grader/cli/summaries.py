"""What commands tell of an intake, a grading, a survey and a check, as lines and tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from grader.cli.terminal import console, one_line, say
from grader.points import points_text
from grader.records import Place

if TYPE_CHECKING:
    from grader.grading.summary import GradingSummary
    from grader.grading.survey_record import Survey
    from grader.intake.account import Intake
    from grader.rehearsal.any_course import CheckReport

SHAPES = {
    "nbgrader": "as nbgrader collects",
    "gradescope": "a download of Gradescope",
    "moodle": "a download of Moodle",
    "canvas": "a download of Canvas",
    "github": "git clones, as GitHub Classroom names them",
    "folders": "a folder or a file for each student",
}
LABEL_LIMIT = 60
INSIDE = "verdicts that come from the student's process, as in nbgrader"
REMEDY = "mend the test or the environment; `grader check` shows how it fails"


def tell_intake(intake: Intake) -> None:
    """A line for everything that a person should look at, and one sum."""
    for name, shape in intake.shapes.items():
        say(f"{name}: {SHAPES.get(shape, shape)}")
    for entry in intake.refused:
        parts = (entry.student or entry.download, entry.path, entry.why)  # no path: the whole download
        say(f"not taken: {': '.join(filter(None, parts))}")
    for collected in intake.collected:
        for note in collected.notes:
            say(f"{collected.student}: {note}")
    for name, students in intake.shared.items():
        remedy = "put each one's files into submitted/STUDENT/ASSIGNMENT/ by hand"
        say(f"nothing written for {name}: {' and '.join(students)} are both called so; {remedy}")
    for name in intake.unknown:
        say(f"unknown student: {name}")
    if intake.unknown:
        say("Nothing of theirs was written: give each a row in the roster, then collect again.")
    outcomes = Counter(collected.outcome for collected in intake.collected)
    say("collected: " + (", ".join(f"{count} {what}" for what, count in outcomes.items()) or "nothing"))
    if intake.absent:
        say(f"nothing handed in: {len(intake.absent)} of {intake.expected}: {', '.join(intake.absent)}")


def tell_grading(summary: GradingSummary) -> None:
    """A row for each submission, each change and repair, and one sum."""
    console.print(_table(summary))
    tell_survey(summary.survey, summary.foreign)
    for note in summary.notes:
        say(note)
    for run in summary.runs:
        for note in run.notes:
            say(f"note: {run.student}: {note}")
        for what, times in Counter(repair.what for repair in run.repairs).items():
            say(f"repaired: {run.student}: {what}{f' ({times} times)' if times > 1 else ''}")
    for change in summary.changes:
        if change.before is not None and change.before != change.after:
            place = f"{change.student}: {change.notebook}: {change.grade_id}"
            say(f"changed: {place}: {_points(change.before)} -> {_points(change.after)}")
    console.print(_sum(summary))


def tell_survey(survey: Survey, foreign: Mapping[str, str]) -> None:
    """A line for each question that is held back, or pays for nothing, or whose verdict can be forged."""
    for name, language in foreign.items():
        say(f"{name}.ipynb wants {language}: left out, grade it with nbgrader autograde")
    for name, found in survey.items():
        for note in found.notes:
            say(f"{name}.ipynb: {note}")
        for grade_id, why in {**found.held, **found.paid}.items():
            held = "NOT GRADED: " if grade_id in found.held else ""
            say(f"{name}.ipynb: {grade_id}: {held}{why}{f' -- {REMEDY}' if held else ''}")
        if inside := [grade_id for grade_id, where in found.places.items() if where != Place.OUTSIDE]:
            say(f"{name}.ipynb: {INSIDE}: {', '.join(inside)}")


def tell_check(report: CheckReport) -> None:
    """A row for each test cell of a course without chapters: where it runs and why; and what is wrong."""
    table = Table("assignment", "notebook", "test", "points", "runs", box=None)
    for one in report.tests:
        cells = (one.assignment, one.notebook, one.grade_id, _points(one.points), one.where)
        table.add_row(*(escape(one_line(str(cell))[:LABEL_LIMIT]) for cell in cells))
    console.print(table)
    for one in report.tests:
        if one.reason:
            say(f"{one.assignment}: {one.notebook}: {one.grade_id}: {one.where}: {one.reason}")
    for note in report.notes:
        say(note)
    for problem in report.problems:
        say(f"✗ {problem}")
    inside = sum(one.where is not Place.OUTSIDE for one in report.tests)
    console.print(f"{len(report.tests)} tests, {inside} inside, {len(report.problems)} problems")


def _table(summary: GradingSummary) -> Table:
    table = Table("student", "points", "of", "status", "detail", box=None)
    for run in summary.runs:
        stands = summary.ledger.standing(run)
        late = f"{_points(stands.penalty)} off for being late" if stands.penalty else ""
        detail = "; ".join(part for part in (run.detail or run.waiting, stands.waits, late) if part)
        cells = (run.student, _points(stands.points), _points(stands.max_points), run.label, detail)
        table.add_row(*(escape(one_line(str(cell))[:LABEL_LIMIT]) for cell in cells))
    return table


def _sum(summary: GradingSummary) -> str:
    many = len(summary.runs)
    parts = [
        f"{many} submission{'' if many == 1 else 's'}",
        *(f"{count} {label}" for label, count in summary.labels.items()),
    ]
    parts += [f"{summary.unchanged} unchanged since the last grading"] if summary.unchanged else []
    only = f"of {summary.in_part} only {summary.questions} questions run again, which the changed tests touch"
    parts += [only] if summary.in_part else []
    moved = f"{summary.moved(1)} up, {summary.moved(-1)} down"
    parts += [f"dry run, nothing written: {moved}"] if summary.dry_run else []
    unread = sum(summary.ledger.standing(run).unread for run in summary.runs)
    parts += [f"{unread} answer{'s wait' if unread > 1 else ' waits'} for a reader"] if unread else []
    return f"{', '.join(parts)}; {summary.seconds:.1f} s"


def _points(points: float | None) -> str:
    return "–" if points is None else points_text(points)
