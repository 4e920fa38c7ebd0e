"""The command line: the only place that prints and chooses exit codes."""

from __future__ import annotations

import atexit
import gc
import json
import os
import sys
from contextlib import closing
from pathlib import Path

import click

from .errors import GraderError
from .lean_imports import import_nbgrader
from .terminal import as_json as to_json
from .terminal import (
    console,
    one_line,
    progress_bar,
    say,
    tell_grading,
    tell_intake,
    tell_map,
    tell_solution,
    tell_try,
)

# Most of what a command allocates stays, so Python need not look through it every 700 objects.
GARBAGE_THRESHOLD = 50_000

course_option = click.option(
    "--course-dir",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default="course",
    show_default=True,
    help="An nbgrader course directory.",
)
jobs_option = click.option(
    "--jobs", type=click.IntRange(1), default=os.cpu_count(), help="Processes; all cores by default."
)


class Commands(click.Group):
    """Commands in the order they are used; what staff must mend is one line and exit code 2."""

    def list_commands(self, ctx):
        return list(self.commands)

    def invoke(self, ctx):
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            error.ctx = None  # one line, without the usage of the command
            raise
        except GraderError as error:
            click.echo(f"grader: {one_line(str(error))}", err=True)
            ctx.exit(2)


@click.group(cls=Commands)
def main():
    """Build, prove and grade the course."""
    gc.set_threshold(GARBAGE_THRESHOLD)
    atexit.register(gc.freeze)  # or Python would look through everything once more before it ends
    import_nbgrader()


@main.command()
@click.argument("assignment", required=False)
@course_option
def build(assignment, course_dir):
    """Chapters -> source notebooks."""
    from .course import build

    for path in build(course_dir, assignment):
        console.print(f"built {path}")


@main.command()
@click.argument("assignment", required=False)
@course_option
def release(assignment, course_dir):
    """Source notebooks -> what students open."""
    from .course import build
    from .release import release

    for path in build(course_dir, assignment):
        console.print(f"released {release(course_dir, path.stem)}")


@main.command()
@click.argument("assignment", required=False)
@course_option
@jobs_option
@click.option("-v", "--verbose", is_flag=True, help="A line for each answer that was tried.")
def check(assignment, course_dir, jobs, verbose):
    """Prove the tests: right answers earn everything, known-wrong ones lose and get their hint."""
    outcomes = _prove(course_dir, assignment, jobs, verbose=verbose)
    sys.exit(1 if any(outcome.problems for outcome in outcomes) else 0)


def _prove(course_dir, assignment, jobs, *, verbose=False):
    from .check import check, summarise

    with progress_bar("proving the tests") as advance:
        outcomes = check(course_dir, assignment, jobs, advance)
    console.print(summarise(outcomes, verbose=verbose))
    problems = [p for outcome in outcomes for p in outcome.problems]
    for problem in problems:
        say(f"✗ {problem}")
    console.print(f"{len(outcomes)} runs, {len(problems)} problems")
    return outcomes


@main.command()
@click.argument("assignment")
@click.argument("archives", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--roster", type=click.Path(path_type=Path, exists=True), help="CSV: id,first_name,last_name,email"
)
@click.option("--force", is_flag=True, help="Replace what was collected before.")
@course_option
def collect(assignment, archives, roster, force, course_dir):
    """Folders, zips and LMS downloads -> submitted/."""
    from .intake import collect
    from .roster import read_roster

    known = read_roster(roster) if roster else None
    tell_intake(collect(assignment, archives, course_dir, roster=known, force=force))


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
        from .scoresheet import write_csv

        write_csv(csv_file, summary)
    print(to_json(summary)) if as_json else tell_grading(summary)
    sys.exit(1 if summary.not_graded else 0)


def _collect_downloaded(assignment: str, course_dir: Path) -> None:
    """nbgrader's place for downloads, downloaded/ASSIGNMENT/archive, is looked into first."""
    archive = course_dir / "downloaded" / assignment / "archive"
    if archive.is_dir():
        from .intake import collect

        tell_intake(collect(assignment, sorted(archive.iterdir()), course_dir))


def _grade(course_dir, assignment, *, unsafe=False, **options):
    from .sandbox import UNSAFE
    from .zygote import Zygote

    with closing(Zygote(UNSAFE if unsafe else None)) as zygote:  # it imports what it needs while we do
        from .grading import grade_assignment

        with progress_bar("grading") as advance:
            return grade_assignment(course_dir, assignment, zygote=zygote, on_progress=advance, **options)


@main.command()
@click.argument("assignment")
@course_option
@click.option("--student", default="*", show_default=True, help="A student id or a glob.")
def feedback(assignment, course_dir, student):
    """Pages for the students: scores, hints, repairs; nothing of a hidden test."""
    from .feedback import write_feedback

    pages = write_feedback(course_dir, assignment, student)
    say(f"{len(pages)} feedback pages in {course_dir / 'feedback'}")


@main.command()
@click.argument("assignment")
@course_option
def report(assignment, course_dir):
    """A page about the whole class: scores, difficulty, which mistakes were made how often."""
    _report(course_dir, assignment)


def _report(course_dir: Path, assignment: str) -> Path:
    from .report import summary_table, write_report

    page = write_report(course_dir, assignment)
    console.print(summary_table(json.loads(page.with_suffix(".json").read_text())))
    say(f"report: {page}")
    return page


@main.command("try")
@click.argument("notebook", type=click.Path(path_type=Path))
@click.option("--check-only", is_flag=True, help="Only say what would be repaired or is missing.")
@click.option("--hint", type=click.IntRange(1, 3), help="Show hints up to this level now.")
@click.option("--solution", "wanted", metavar="ID", help="Show the reference of an exercise, once earned.")
@click.option("--course-dir", type=click.Path(path_type=Path, exists=True), help="Found by itself as a rule.")
def try_(notebook, check_only, hint, wanted, course_dir):
    """Grade my own notebook here and now, with hints and a map of my progress."""
    from .lookover import find_course, look_over

    course_dir = course_dir or find_course(notebook.resolve().parent)
    if check_only:
        for line in look_over(course_dir, notebook) or ["Everything is in its place."]:
            say(line)
    else:
        _try(course_dir, notebook, hint, wanted)


def _try(course_dir: Path, notebook: Path, hint: int | None, wanted: str | None) -> None:
    from .course import chapters
    from .lookover import find_name
    from .tries import Record
    from .tryout import try_notebook

    record = Record(notebook.resolve().parent.parent)
    if wanted:
        (chapter,) = chapters(course_dir, find_name(course_dir, notebook))
        tell_solution(chapter, wanted, record)
    else:
        tell_try(try_notebook(course_dir, notebook, record, hint))
        tell_map(chapters(course_dir), record)


@main.command()
def doctor():
    """What this machine can do."""
    from .sandbox import describe, probe

    for name, value in describe(probe()):
        say(f"{name:22} {value}")


@main.command()
@click.option("--students", type=click.IntRange(6), default=30, show_default=True)
@click.option("--assignment", default="01_gradients", show_default=True)
@jobs_option
@course_option
def demo(students, assignment, jobs, course_dir):
    """From the chapters to a graded class, in demo/."""
    from .demo import prepare
    from .feedback import write_feedback

    demo_dir = course_dir.parent / "demo"
    say(f"building the chapters, making a class of {students} for {assignment}")
    prepare(course_dir, demo_dir, assignment, students)
    _prove(demo_dir, assignment, jobs)
    tell_grading(_grade(demo_dir, assignment, jobs=jobs))
    pages = write_feedback(demo_dir, assignment)
    _report(demo_dir, assignment)
    say(f"feedback of one student: {pages[len(pages) // 2]}")


@main.command()
@click.option("--work-dir", type=click.Path(path_type=Path), default="lab", show_default=True)
@click.option("--no-browser", is_flag=True)
@click.option("--port", type=int, default=8888, show_default=True)
@course_option
def lab(work_dir, no_browser, port, course_dir):
    """Open JupyterLab on a working copy of the release; what was written is never overwritten."""
    from .workcopy import lab_command, refresh, start_library

    for line in refresh(course_dir / "release", work_dir):
        console.print(line, markup=False)
    start_library(work_dir)
    environment, command = lab_command(course_dir, work_dir, port=port, browser=not no_browser)
    os.execvpe(command[0], command, environment)
