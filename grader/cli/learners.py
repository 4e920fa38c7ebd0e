"""Commands for who learns: open the notebooks, try the own answers."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.commands import course_option, main
from grader.cli.terminal import console
from grader.cli.tries import tell_help, tell_look, tell_map, tell_solution, tell_try
from grader.errors import CourseError


@main.command()
@click.option("--work-dir", type=click.Path(path_type=Path), default="lab", show_default=True)
@click.option("--no-browser", is_flag=True)
@click.option("--port", type=int, default=8888, show_default=True)
@course_option
def lab(work_dir, no_browser, port, course_dir):
    """Open JupyterLab on a working copy of the release; what was written is never overwritten."""
    from grader.learner.workcopy import open_lab, refresh

    if not (course_dir / "release").is_dir():
        remedy = "make it with `grader release`, or `nbgrader generate_assignment`"
        raise CourseError("no release here", file=course_dir / "release", remedy=remedy)
    for line in refresh(course_dir / "release", work_dir):
        console.print(line, markup=False)
    open_lab(course_dir / "lab_config", work_dir, port=port, browser=not no_browser)


@main.command("try")
@click.argument("notebook", type=click.Path(path_type=Path))
@click.option("--check-only", is_flag=True, help="Only say what would be repaired or is missing.")
@click.option(
    "--hint", type=(click.IntRange(1, 3), str), metavar="LEVEL ID", help="More help for an exercise."
)
@click.option("--solution", metavar="ID", help="Show the reference of an exercise, once earned.")
@click.option("--course-dir", type=click.Path(path_type=Path, exists=True), help="Found by itself as a rule.")
def try_(notebook, check_only, hint, solution, course_dir):
    """Grade my own notebook here and now, with hints and a map of my progress."""
    from grader.learner.preflight import find_course, look_over

    course_dir = course_dir or find_course(notebook.resolve().parent)
    if check_only:
        tell_look(notebook, look_over(course_dir, notebook))
    else:
        _try(course_dir, notebook, hint, solution)


def _try(course_dir: Path, notebook: Path, hint: tuple[int, str] | None, solution: str | None) -> None:
    from grader.course.build import chapters
    from grader.learner.preflight import find_name
    from grader.learner.try_log import TryLog, home_of

    log = TryLog(home_of(notebook.resolve().parent))
    if solution:
        (chapter,) = chapters(course_dir, find_name(course_dir, notebook))
        return tell_solution(chapter, solution, log)
    from grader.learner.self_check import try_notebook

    attempt = try_notebook(course_dir, notebook, log)
    tell_try(attempt, hint)
    tell_map(chapters(course_dir), log)
    tell_help(attempt, notebook)
