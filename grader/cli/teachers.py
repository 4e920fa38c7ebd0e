"""Commands for who has a class: doctor, collect, grade, feedback, report, and a class to try them on."""

from __future__ import annotations

import glob
import json
import sys
from contextlib import ExitStack, closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.authors import prove
from grader.cli.commands import course_option, jobs_option, main
from grader.cli.terminal import as_json as to_json
from grader.cli.terminal import console, progress_bar, say, tell_grading, tell_intake, warn

if TYPE_CHECKING:
    from grader.course.directory import Course
    from grader.intake.roster import Roster
    from grader.pages.export.sheet import Sheet

ONE = "submission"  # who handed in what Gradescope shows one at a time
READABLE = click.Path(path_type=Path, exists=True)
ROSTER_HELP = "CSV: id,first_name,last_name,email"


@main.command()
@click.option("--course-dir", type=click.Path(path_type=Path), default="course", show_default=True)
def doctor(course_dir):
    """What this machine can do, and the limits in force."""
    from grader.course.directory import open_course
    from grader.engine.sandbox.levels import describe, probe
    from grader.records import Limits

    limits, whose = (open_course(course_dir).limits, course_dir) if course_dir.is_dir() else (Limits(), "")
    rows = [(f"limit {name}", f"{value:g}") for name, value in asdict(limits).items()]
    for name, value in [*describe(probe()), *rows, ("limits of", whose or "no course: the defaults")]:
        say(f"{name:32} {value}")


@main.command()
@click.argument("assignment")
@click.argument("archives", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--roster", type=READABLE, help=ROSTER_HELP)
@click.option("--force", is_flag=True, help="Replace what was collected before.")
@course_option
def collect(assignment, archives, roster, force, course_dir):
    """Folders, zips and LMS downloads -> submitted/."""
    from grader.course.directory import open_course
    from grader.course.key import load_key
    from grader.intake.collect import collect

    load_key(open_course(course_dir), assignment)  # a wrong name ends all before the gradebook is touched
    intake = collect(assignment, archives, course_dir, roster=_roster(course_dir, roster), force=force)
    tell_intake(intake)
    sys.exit(0 if intake.collected else 1)


def _roster(course_dir: Path, path: Path | None = None) -> Roster | None:
    """The class: of a roster, which the gradebook then knows, or of the gradebook, where it knows names."""
    from grader.books.people import read_people, store_people
    from grader.course.directory import open_course
    from grader.intake.roster import read_students, roster_of

    course = open_course(course_dir)
    if path:
        store_people(course, read_students(path))
    people = read_students(path) if path else read_people(course)
    return roster_of(people) if people else None


@main.command()
@click.argument("assignment")
@course_option
@jobs_option
@click.option("--student", default="*", show_default=True, help="A student id or a glob.")
@click.option("--force", is_flag=True, help="Grade again what has not changed.")
@click.option("--dry-run", is_flag=True, help="Say what would change; write nothing.")
@click.option("--csv", "csv_file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="The summary as JSON on standard output.")
@click.option("--unsafe-no-sandbox", is_flag=True, help="Run student code unconfined; every record says so.")
def grade(assignment, course_dir, jobs, student, force, dry_run, csv_file, as_json, unsafe_no_sandbox):
    """Grade what was handed in, into the gradebook and autograded/."""
    if not dry_run:
        _collect_downloaded(assignment, course_dir)
    how = {"jobs": jobs, "force": force, "dry_run": dry_run}
    summary = _grade(course_dir, assignment, unsafe=unsafe_no_sandbox, students=student, **how)
    if csv_file:
        from grader.pages.scoresheet import write_csv

        write_csv(Path("/dev/stdout") if csv_file == Path("-") else csv_file, summary)
    print(to_json(summary)) if as_json else tell_grading(summary)
    sys.exit(1 if summary.not_graded else 0)


def _collect_downloaded(assignment: str, course_dir: Path) -> None:
    """nbgrader's place for downloads, downloaded/ASSIGNMENT/archive, is looked into first."""
    archive = course_dir / "downloaded" / assignment / "archive"
    if archive.is_dir():
        from grader.intake.collect import collect

        tell_intake(collect(assignment, sorted(archive.iterdir()), course_dir, roster=_roster(course_dir)))


def _grade(course_dir, assignment, *, unsafe=False, **options):
    from grader.engine.sandbox.levels import UNSAFE
    from grader.engine.sandbox.zygote import Zygote

    early = unsafe or options.get("force") or _seems_new(course_dir, assignment)
    with ExitStack() as stack:
        level = UNSAFE if unsafe else None
        zygote = stack.enter_context(closing(Zygote(level))) if early else None  # imports while we do
        from grader.grading.assignment import grade_assignment

        advance = stack.enter_context(progress_bar("grading"))
        return grade_assignment(course_dir, assignment, zygote=zygote, on_progress=advance, **options)


def _seems_new(course_dir: Path, assignment: str) -> bool:
    """Whether something was handed in since it was graded: a guess, by which a warm process starts early."""
    name = glob.escape(assignment)
    handed_in = {path.parent.name: path for path in course_dir.glob(f"submitted/*/{name}")}
    recorded = {path.parent.name: path.stat().st_mtime for path in course_dir.glob(f"runs/*/{name}.json")}
    late = (path.stat().st_mtime >= recorded.get(student, 0.0) for student, path in handed_in.items())
    return not handed_in or any(late)


@main.command()
@click.argument("assignment")
@course_option
@jobs_option
@click.option("--student", default="*", show_default=True, help="A student id or a glob.")
def feedback(assignment, course_dir, jobs, student):
    """Pages for the students: scores, hints, repairs; nothing of a hidden test."""
    from grader.machine import processors
    from grader.pages.feedback import write_feedback

    with progress_bar("feedback") as advance:
        pages = write_feedback(
            course_dir, assignment, student, jobs=jobs or processors(), on_progress=advance
        )
    say(f"{len(pages)} feedback pages in {course_dir / 'feedback'}")


@main.command()
@click.argument("assignment")
@course_option
def report(assignment, course_dir):
    """A page about the whole class: scores, difficulty, which mistakes were made how often."""
    _report(course_dir, assignment)


def _report(course_dir: Path, assignment: str) -> Path:
    from grader.pages.report import summary_table, write_report

    page = write_report(course_dir, assignment)
    console.print(summary_table(json.loads(page.with_suffix(".json").read_text())))
    say(f"report: {page}")
    return page


@main.command()
@click.argument("assignment")
@course_option
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="By default any that is free.")
@click.option("--browser/--no-browser", default=True, show_default=True)
def mark(assignment, course_dir, port, browser):
    """Mark answers by hand, question by question, in a browser on this machine."""
    from grader.marking.pile import open_piles
    from grader.marking.server import serve

    def ready(address: str) -> None:
        say(f"marking {assignment}: {address}")
        say("Ctrl-C ends it; what is saved stays.")
        if browser:
            click.launch(address)

    try:
        serve(open_piles(course_dir, assignment), port, ready)
    except KeyboardInterrupt:
        sys.exit(0)


@main.command()
@click.argument("assignment")
@course_option
@click.option("--most", type=click.IntRange(1), default=3, show_default=True, help="How many groups.")
def propose(assignment, course_dir, most):
    """Drafts of known-wrong answers: what many students got wrong alike, and no hint is for yet."""
    from grader.pages.drafts import drafts

    click.echo("\n".join(drafts(course_dir, assignment, most)))


@main.command()
@click.argument("assignment")
@course_option
@click.option("--dolos", type=click.Path(path_type=Path, dir_okay=False), help="A zip for Dolos, too.")
def similar(assignment, course_dir, dolos):
    """Answers that are too alike, side by side: evidence for a conversation, not a verdict."""
    from grader.pages.similar import write_similar

    found = write_similar(course_dir, assignment, dolos)
    many = len(found.pairs.worth_a_look)
    say(f"{many} pair{'' if many == 1 else 's'} of {found.pairs.students} students to look at: {found.page}")


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
    warn(f"{sum(mark.is_known for mark in sheet.marks.values())} marks: {path}")


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
    from grader.intake.collect import take_folder
    from grader.pages.export import gradescope

    take_folder(open_course(course_dir), assignment, ONE, folder)
    summary = _grade(course_dir, assignment, students=ONE)
    told = gradescope.results(course_dir, ONE, assignment)
    if told is None:
        warn("\n".join(run.detail or run.waiting for run in summary.runs))
        sys.exit(1)
    gradescope.write_results(output, told)


@main.command()
@click.argument("student")
@click.argument("question")
@click.option("--assignment", default="", help="Where several assignments have such a question.")
@click.option("--replay", is_flag=True, help="Grade the submission once more and compare.")
@course_option
def explain(student, question, assignment, replay, course_dir):
    """Why a question has its mark: QUESTION is its id, or the five letters that a feedback page shows."""
    from grader.grading.replay import replay as run_again
    from grader.pages.explain import compare, find
    from grader.pages.explain import explain as explained

    for found in find(course_dir, student, question, assignment):
        for line in explained(course_dir, found):
            say(line)
        if replay:
            graded, unchanged = run_again(course_dir, found.run)
            for line in compare(found, graded, unchanged=unchanged):
                say(line)


@main.command()
@click.option("--students", type=click.IntRange(6), default=30, show_default=True)
@click.option("--assignment", default="01_gradients", show_default=True)
@jobs_option
@course_option
def demo(students, assignment, jobs, course_dir):
    """From the chapters to a graded class, in demo/."""
    from grader.pages.feedback import write_feedback
    from grader.rehearsal.demo import prepare

    demo_dir = course_dir.parent / "demo"
    say(f"building the chapters, making a class of {students} for {assignment}")
    prepare(course_dir, demo_dir, assignment, students)
    prove(demo_dir, assignment, jobs)
    tell_grading(_grade(demo_dir, assignment, jobs=jobs))
    pages = write_feedback(demo_dir, assignment)
    _report(demo_dir, assignment)
    say(f"feedback of one student: {pages[len(pages) // 2]}")
