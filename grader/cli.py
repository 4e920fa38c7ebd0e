"""The command line: the only place that prints and chooses exit codes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from .errors import GraderError

console = Console(highlight=False)
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
        except GraderError as error:
            click.echo(f"grader: {_one_line(str(error))}", err=True)
            ctx.exit(2)


def _one_line(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)


@click.group(cls=Commands)
def main():
    """Build, prove and grade the course."""


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


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True)


@main.command()
@click.argument("assignment", required=False)
@course_option
@jobs_option
@click.option("-v", "--verbose", is_flag=True, help="A line for each answer that was tried.")
def check(assignment, course_dir, jobs, verbose):
    """Prove the tests: right answers earn everything, known-wrong ones lose and get their hint."""
    from .check import check, summarise

    with _progress() as progress:
        task = progress.add_task("proving the tests", total=None)
        outcomes = check(
            course_dir, assignment, jobs, lambda d, n: progress.update(task, completed=d, total=n)
        )
    console.print(summarise(outcomes, verbose=verbose))
    problems = [p for outcome in outcomes for p in outcome.problems]
    for problem in problems:
        console.print(f"[red]✗[/] {_one_line(problem)}", markup=True)
    console.print(f"{len(outcomes)} runs, {len(problems)} problems")
    sys.exit(1 if problems else 0)


@main.command()
@click.option("--work-dir", type=click.Path(path_type=Path), default="lab", show_default=True)
@click.option("--no-browser", is_flag=True)
@click.option("--port", type=int, default=8888, show_default=True)
@course_option
def lab(work_dir, no_browser, port, course_dir):
    """Open JupyterLab on a working copy of the release; what was written is never overwritten."""
    from .workcopy import lab_command, refresh

    for line in refresh(course_dir / "release", work_dir):
        console.print(line, markup=False)
    environment, command = lab_command(course_dir, work_dir, port=port, browser=not no_browser)
    os.execvpe(command[0], command, environment)
