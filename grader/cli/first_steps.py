"""Commands for the first look: what this machine can do, and a made-up class from beginning to end."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import click

from grader.cli.authors import prove
from grader.cli.commands import course_here, course_option, jobs_option, main
from grader.cli.grading import grade_with_progress
from grader.cli.review import tell_report
from grader.cli.summaries import tell_grading
from grader.cli.terminal import say
from grader.errors import CourseError


@main.command()
@click.option("--course-dir", type=click.Path(path_type=Path, file_okay=False, exists=True))
def doctor(course_dir):
    """What this machine can do, and the limits in force."""
    from grader.course.directory import open_course
    from grader.engine.sandbox.levels import describe, probe
    from grader.records import Limits

    with suppress(CourseError):  # a machine can be asked before there is a course
        course_dir = course_dir or course_here()
    limits, whose = (open_course(course_dir).limits, course_dir.resolve()) if course_dir else (Limits(), "")
    rows = [(f"limit {name}", f"{value:g}") for name, value in asdict(limits).items()]
    for name, value in [*describe(probe()), *rows, ("limits of", whose or "no course: the defaults")]:
        say(f"{name:32} {value}")


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
    tell_grading(grade_with_progress(demo_dir, assignment, jobs=jobs))
    pages = write_feedback(demo_dir, assignment)
    tell_report(demo_dir, assignment)
    say(f"feedback of one student: {pages[len(pages) // 2]}")
