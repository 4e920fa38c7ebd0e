"""What a class costs again once a hidden check has changed, beside a whole grading, and whether both agree.

    python benchmarks/regrade.py [--students 120] [--rounds 2] [--jobs 2]

The class of `scale.py`, chapter 01, is graded once; then one more point is asked of `linear_estimate` in a
hidden check. In turns the class is graded so, in a copy of the course, and with --force in another. CPU
seconds are those of the command and of all its processes, the trial of the tests before included.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
from dataclasses import replace
from pathlib import Path

from grade_vs_stock import make_course
from scale import measure
from spent import adopt_orphans

from grader.books.run_files import read_runs
from grader.books.runs import Run

ASSIGNMENT = "01_gradients"
GRADE = ["grade", ASSIGNMENT, "--course-dir", "."]
BEFORE, AFTER = "(0.0, v, 2.0, 3.0)):", "(0.0, v, 2.0, 3.0), (1.0, v, 2.0, 3.0)):"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=120)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--jobs", type=int, default=2)
    chosen = parser.parse_args()
    adopt_orphans()
    jobs = ["--jobs", str(chosen.jobs)]
    with tempfile.TemporaryDirectory() as scratch:
        course = make_course(Path(scratch) / "course", ASSIGNMENT, chosen.students)
        measure(course, [*GRADE, *jobs])
        change(course)
        rounds = [one_round(course, jobs) for _ in range(chosen.rounds)]
    ratio = statistics.median(part / whole for part, whole in rounds)
    print(f"of a whole grading's CPU time: {ratio:.2f} (median of {len(rounds)})")


def change(course: Path) -> None:
    """Change the hidden check in the chapter, and build the assignment again."""
    chapter = course / "chapters" / f"{ASSIGNMENT}.md"
    text = chapter.read_text()
    assert text.count(BEFORE) == 1
    chapter.write_text(text.replace(BEFORE, AFTER))
    measure(course, ["build", ASSIGNMENT, "--course-dir", "."])


def one_round(course: Path, jobs: list[str]) -> tuple[float, float]:
    """CPU seconds of a grading in part and of a whole one."""
    part, whole = (shutil.copytree(course, course.with_name(name)) for name in ("part", "whole"))
    costs = measure(part, [*GRADE, *jobs]).cpu, measure(whole, [*GRADE, *jobs, "--force"]).cpu
    ran, wanted = read_runs(part, ASSIGNMENT), read_runs(whole, ASSIGNMENT)
    again = sum(len(tests) for run in ran for tests in run.again.values())
    unlike = sum(marks(mine) != marks(theirs) for mine, theirs in zip(ran, wanted, strict=True))
    print(f"{len(ran)} submissions, {again} questions again: {costs[0]:.1f} CPU s, all: {costs[1]:.1f} CPU s")
    print(f"  {unlike} of {len(ran)} records differ", flush=True)
    for folder in (part, whole):
        shutil.rmtree(folder)
    return costs


def marks(run: Run) -> list:
    """All that is on record of each cell but for the seconds that its test took."""
    return [run.fingerprint, run.status, *((name, replace(s, seconds=0.0)) for name, s in run.scores)]


if __name__ == "__main__":
    main()
