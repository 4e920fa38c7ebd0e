"""Commands for who writes the course: build, release, check."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.commands import course_option, jobs_option, main
from grader.cli.summaries import tell_check
from grader.cli.terminal import console, progress_bar, say

if TYPE_CHECKING:
    from grader.rehearsal.proof import Proof


@main.command()
@click.argument("assignment", required=False)
@course_option
def build(assignment, course_dir):
    """Chapters -> source notebooks."""
    from grader.course.build import build

    for path in build(course_dir, assignment):
        console.print(f"built {path}")


@main.command()
@click.argument("assignment", required=False)
@course_option
def release(assignment, course_dir):
    """Source notebooks -> what students open, and the hints that their test cells show."""
    from grader.course.build import build
    from grader.course.release import release
    from grader.rehearsal.hints import write_hints

    for path in build(course_dir, assignment):
        console.print(f"released {release(course_dir, path.stem)}")
    for path in write_hints(course_dir, assignment):
        console.print(f"hints    {path}")


@main.command()
@click.argument("target", type=click.Path(path_type=Path, file_okay=False))
@course_option
def publish(target, course_dir):
    """The repository without solutions, for students: what is released, and what it imports."""
    from grader.course.publish import publish

    notebooks = publish(course_dir.resolve(), target)
    say(f"{len(notebooks)} notebooks and what they need: {target}")


@main.command()
@click.argument("assignment", required=False)
@course_option
@jobs_option
@click.option("-v", "--verbose", is_flag=True, help="A line for each answer that was tried.")
def check(assignment, course_dir, jobs, verbose):
    """Prove the tests: right answers earn everything, known-wrong ones lose and get their hint.

    In a course without chapters: the reference earns everything, a blank answer nothing; and where each test
    runs.
    """
    if not (course_dir / "chapters").is_dir():
        sys.exit(1 if _check_course(course_dir, assignment) else 0)
    proofs = prove(course_dir, assignment, jobs, verbose=verbose)
    sys.exit(1 if any(proof.problems for proof in proofs) else 0)


def prove(
    course_dir: Path, assignment: str | None, jobs: int | None, *, verbose: bool = False
) -> list[Proof]:
    """Prove the tests and show the table of what was tried; the proofs."""
    from grader.rehearsal.check import check, summarise

    with progress_bar("proving the tests") as advance:
        proofs = check(course_dir, assignment, jobs, advance)
    console.print(summarise(proofs, verbose=verbose))
    problems = [problem for proof in proofs for problem in proof.problems]
    for problem in problems:
        say(f"✗ {problem}")
    console.print(f"{len(proofs)} runs, {len(problems)} problems")
    return proofs


def _check_course(course_dir: Path, assignment: str | None) -> list[str]:
    """Check the tests of a course without chapters; the problems."""
    from grader.rehearsal.any_course import check_course

    with progress_bar("trying reference and blank release") as advance:
        report = check_course(course_dir, assignment, advance)
    tell_check(report)
    return report.problems
