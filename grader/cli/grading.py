"""Commands for who has a class: collect what was handed in, and grade it."""

from __future__ import annotations

import glob
import json
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.commands import (
    READABLE,
    ROSTER_HELP,
    course_option,
    jobs_option,
    main,
    scheduler_option,
    student_option,
)
from grader.cli.journal import journal
from grader.cli.plain_values import facts, totals
from grader.cli.summaries import tell_grading, tell_intake
from grader.cli.terminal import progress_bar

if TYPE_CHECKING:
    from grader.intake.roster import Roster


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
    intake = collect(assignment, archives, course_dir, roster=class_roster(course_dir, roster), force=force)
    tell_intake(intake)
    sys.exit(0 if intake.collected else 1)


def class_roster(course_dir: Path, path: Path | None = None) -> Roster | None:
    """The class: of a roster, which the gradebook then knows, or of the gradebook, where it knows names."""
    from grader.books.people import read_people, store_people
    from grader.course.directory import open_course
    from grader.intake.roster import read_students, roster_of

    course = open_course(course_dir)
    people = read_students(path) if path else read_people(course)
    if path:
        store_people(course, people)
    return roster_of(people) if people else None


@main.command()
@click.argument("assignment")
@course_option
@jobs_option
@student_option
@click.option("--force", is_flag=True, help="Grade again what has not changed.")
@click.option("--dry-run", is_flag=True, help="Say what would change; write nothing.")
@click.option("--csv", "csv_file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--json", "as_json", is_flag=True, help="A line of JSON for each submission, as it comes; last, all."
)
@scheduler_option
@click.option("--unsafe-no-sandbox", is_flag=True, help="Run student code unconfined; every record says so.")
def grade(
    assignment, course_dir, jobs, student, force, dry_run, csv_file, as_json, scheduler, unsafe_no_sandbox
):
    """Grade what was handed in, into the gradebook and autograded/."""
    if scheduler and (unsafe_no_sandbox or jobs):
        raise click.UsageError("a cluster has its own number of workers, and confines what it runs")
    if not dry_run:
        _collect_downloaded(assignment, course_dir)
    how = {"jobs": jobs, "force": force, "dry_run": dry_run, "scheduler": scheduler}
    summary = grade_with_progress(
        course_dir, assignment, unsafe=unsafe_no_sandbox, students=student, lines=as_json, **how
    )
    if csv_file:
        from grader.pages.scoresheet import write_csv

        write_csv(Path("/dev/stdout") if csv_file == Path("-") else csv_file, summary)
    if as_json:
        print(json.dumps({"event": "summary"} | totals(summary) | {"runs": facts(summary)}))
    else:
        tell_grading(summary)
    sys.exit(1 if summary.not_graded else 0)


def _collect_downloaded(assignment: str, course_dir: Path) -> None:
    """nbgrader's place for downloads, downloaded/ASSIGNMENT/archive, is looked into first."""
    archive = course_dir / "downloaded" / assignment / "archive"
    if archive.is_dir():
        from grader.intake.collect import collect

        tell_intake(
            collect(assignment, sorted(archive.iterdir()), course_dir, roster=class_roster(course_dir))
        )


def grade_with_progress(course_dir, assignment, *, unsafe=False, lines=False, **options):
    """Grade with a bar, or with `lines` of JSON on standard output; each run has a log file of its own."""
    from grader.engine.sandbox.levels import UNSAFE
    from grader.engine.sandbox.zygote import Zygote

    here = not options.get("scheduler")
    early = here and (unsafe or options.get("force") or _seems_new(course_dir, assignment))
    with ExitStack() as stack:
        level = UNSAFE if unsafe else None
        zygote = stack.enter_context(closing(Zygote(level))) if early else None  # imports while we do
        from grader.grading.assignment import grade_assignment

        advance = (lambda *_: None) if lines else stack.enter_context(progress_bar("grading"))
        keep = not options.get("dry_run")
        own = stack.enter_context(journal(course_dir, assignment, keep=keep, echo=lines, advance=advance))
        summary = grade_assignment(
            course_dir,
            assignment,
            zygote=zygote,
            on_progress=own.progress,
            on_run=own.graded,
            on_wait=own.waiting,
            **options,
        )
        own.note("ended", **totals(summary))
        return summary


def _seems_new(course_dir: Path, assignment: str) -> bool:
    """Whether something was handed in since it was graded: a guess, by which a warm process starts early."""
    name = glob.escape(assignment)
    handed_in = {path.parent.name: path for path in course_dir.glob(f"submitted/*/{name}")}
    recorded = {path.parent.name: path.stat().st_mtime for path in course_dir.glob(f"runs/*/{name}.json")}
    late = (path.stat().st_mtime >= recorded.get(student, 0.0) for student, path in handed_in.items())
    return not handed_in or any(late)
