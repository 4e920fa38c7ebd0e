"""CPU and wall time per submission: `grader grade` and stock `nbgrader autograde`, side by side.

    python benchmarks/grade_vs_stock.py [--students 40] [--stock 40] [--jobs 2] [--assignment 01_gradients]

Both grade the same class in fresh course directories; `grader grade` does it before and after stock nbgrader,
and the mean counts, since machines are now faster, now slower. Let nothing else run: what shares a processor
makes CPU time dearer for both. Made-up submissions that loop for ever or crash are left out, they would only
measure time limits; so is the file that stock nbgrader cannot read.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from spent import adopt_orphans, cpu_seconds

from grader.books.run_files import read_runs
from grader.course.build import build
from grader.rehearsal.cohort import MadeUpStudent, make_cohort

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=40)
    parser.add_argument("--stock", type=int, default=40, help="how many of them stock nbgrader grades")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--assignment", default="01_gradients")
    chosen = parser.parse_args()
    adopt_orphans()
    with tempfile.TemporaryDirectory() as scratch:
        ours = make_course(Path(scratch) / "ours", chosen.assignment, chosen.students)
        stock = make_course(Path(scratch) / "stock", chosen.assignment, chosen.stock)
        grade = ["grader", "grade", chosen.assignment, "--course-dir", ".", "--jobs", str(chosen.jobs)]
        before = measure(ours, grade, chosen.students)
        times = {"nbgrader": measure(stock, ["nbgrader", "autograde", chosen.assignment], chosen.stock)}
        forget_grades(ours)
        after = measure(ours, grade, chosen.students)
        times["grader"] = (before[0] + after[0]) / 2, (before[1] + after[1]) / 2
        print_table(times, chosen)
        print_shares(ours, chosen.assignment, times["grader"])


def make_course(course: Path, assignment: str, count: int) -> Path:
    """A course directory with the class of `count`, released by nbgrader, nothing graded."""
    course.mkdir()
    shutil.copytree(ROOT / "course" / "chapters", course / "chapters")
    shutil.copytree(ROOT / "assets", course.parent / "assets", dirs_exist_ok=True)
    (course / "nbgrader_config.py").write_text('c = get_config()\nc.CourseDirectory.course_id = "class"\n')
    build(course, assignment)
    run(course, "nbgrader", "generate_assignment", assignment)
    for member in make_cohort(course, assignment, count + 3):
        if is_endless(member) or member.damaged == "cut":
            shutil.rmtree(course / "submitted" / member.student)
    return course


def is_endless(member: MadeUpStudent) -> bool:
    return any("while True" in answer or "ctypes" in answer for answer in member.answers.values())


def run(course: Path, *command: str) -> subprocess.CompletedProcess:
    environment = os.environ | {"PATH": f"{BIN}:{os.environ['PATH']}"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # some containers set it; then nothing stays compiled
    return subprocess.run([BIN / command[0], *command[1:]], cwd=course, env=environment, capture_output=True)


def measure(course: Path, command: list[str], count: int) -> tuple[float, float]:
    """(CPU seconds, wall seconds) per submission of a command and all its processes."""
    before, started = cpu_seconds(), time.monotonic()
    done = run(course, *command)
    graded = len(list(course.glob("autograded/*/*/*.ipynb")))
    if graded < count:
        sys.exit(f"{command[0]} graded {graded} of {count}:\n{done.stderr.decode()[-3000:]}")
    return (cpu_seconds() - before) / count, (time.monotonic() - started) / count


def forget_grades(course: Path) -> None:
    for made in ("autograded", "runs"):
        shutil.rmtree(course / made)
    (course / "gradebook.db").unlink()


def print_table(times: dict[str, tuple[float, float]], chosen: argparse.Namespace) -> None:
    print(f"{chosen.assignment}: {chosen.students} submissions, {chosen.jobs} jobs; per submission")
    for name, (cpu, wall) in times.items():
        print(f"  {name:9} {cpu:7.3f} s CPU  {wall:7.3f} s wall")
    (cpu, wall), (stock_cpu, stock_wall) = times["grader"], times["nbgrader"]
    print(f"  ratio     1/{stock_cpu / cpu:.1f} CPU      1/{stock_wall / wall:.1f} wall")


def print_shares(course: Path, assignment: str, ours: tuple[float, float]) -> None:
    """Where our CPU goes: student code, engine, and what is left: start-up, repair, gradebook, files."""
    runs = read_runs(course, assignment)
    spent = [notebook.cpu for run in runs for notebook in run.notebooks.values()]
    student = sum(cpu.get("student", 0.0) for cpu in spent) / len(runs)
    engine = sum(cpu.get("engine", 0.0) for cpu in spent) / len(runs)
    rest = ours[0] - student - engine
    for name, seconds in (("student code", student), ("engine", engine), ("bookkeeping and start", rest)):
        print(f"  {name:22} {seconds:6.3f} s  {seconds / ours[0]:4.0%}")
    print(json.dumps({"cpu": ours[0], "student": student, "engine": engine, "rest": rest}))


if __name__ == "__main__":
    main()
