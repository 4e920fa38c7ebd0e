"""The group of all commands, and the options that several of them share."""

from __future__ import annotations

import atexit
import gc
import signal
import sys
from pathlib import Path

import click

from grader.cli.fast_start import import_nbgrader
from grader.cli.terminal import one_line
from grader.errors import CourseError, GraderError, explained, names_no_place, stops_all

READABLE = click.Path(path_type=Path, exists=True)
ROSTER_HELP = "CSV: id,first_name,last_name,email"


NO_COURSE = "go to its folder, name it with --course-dir, or begin one: nbgrader quickstart course"


def course_here() -> Path:
    """course/, or this very folder where it is a course."""
    here = Path("course")
    if here.is_dir():
        return here
    if Path("nbgrader_config.py").is_file():
        return Path()
    raise CourseError("no course here", remedy=NO_COURSE)


course_option = click.option(
    "--course-dir",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=course_here,
    show_default="course, or this folder where it is one",
    help="An nbgrader course directory.",
)
jobs_option = click.option(
    "--jobs", type=click.IntRange(1), help="Processes; by default as many as cores and free memory allow."
)
student_option = click.option("--student", default="*", show_default=True, help="A student id or a glob.")
scheduler_option = click.option(
    "--scheduler", default="", help="The address of a Dask scheduler, whose workers then grade."
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
            self._refuse(ctx, error)
        except OSError as error:
            if not (stops_all(error) or names_no_place(error)):
                raise
            self._refuse(ctx, explained(error))

    def _refuse(self, ctx, error):
        click.echo(f"grader: {one_line(str(error))}", err=True)
        ctx.exit(2)


def end(number: int, _frame: object) -> None:
    """End as after Ctrl-C: what was started is ended, what is half done is undone."""
    sys.exit(128 + number)


@click.group(cls=Commands)
@click.version_option(package_name="nbgrader-judge")
def main():
    """Build, prove and grade the course."""
    for name in ("SIGTERM", "SIGHUP"):  # not every system has the latter
        number = getattr(signal, name, signal.SIGTERM)
        if signal.getsignal(number) is signal.SIG_DFL:  # nohup ignores it, and so do we then
            signal.signal(number, end)
    atexit.register(gc.freeze)  # or Python would look through everything once more before it ends
    import_nbgrader()
