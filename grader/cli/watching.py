"""The command that grades what arrives: for a class that hands in again and again."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import click

from grader.cli.commands import course_option, main, scheduler_option
from grader.cli.grading import class_roster
from grader.cli.journal import journal
from grader.cli.rounds import Rounds
from grader.cli.terminal import say


@main.command()
@click.argument("assignment")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@course_option
@click.option(
    "--attempts", type=click.IntRange(1), help="Of a student and day; the latest waits for tomorrow."
)
@click.option("--every", type=click.FloatRange(0.1), default=1.0, show_default=True, help="Seconds.")
@click.option("--once", is_flag=True, help="End when what is there now is graded.")
@scheduler_option
def watch(assignment, folder, course_dir, attempts, every, once, scheduler):
    """Grade what arrives in FOLDER, an entry for each student or nbgrader's inbound, and write feedback."""
    from grader.course.directory import open_course
    from grader.course.key import load_key
    from grader.intake.arrivals import Arrivals, sole_watch
    from grader.intake.roster import OpenRoster, Sender

    course = open_course(course_dir)
    load_key(course, assignment)  # a wrong name ends all before anything is awaited
    roster, record = (
        class_roster(course_dir) or OpenRoster(),
        course.root / "runs" / f"{assignment}.arrivals.json",
    )
    with ExitStack() as stack:
        stack.enter_context(sole_watch(record))
        arrivals = Arrivals(folder, record, assignment, lambda name: roster.find(Sender((name,), name=name)))
        log = stack.enter_context(journal(course.root, assignment, keep=True, echo=False, advance=_silently))
        say(f"watching {folder} for {assignment}: Ctrl-C ends it; {len(arrivals.known)} arrivals so far")
        Rounds(course, assignment, arrivals, attempts, scheduler, log).run(every, once)


def _silently(*_progress: object) -> None:
    """There is no bar."""
