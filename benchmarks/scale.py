"""What `grader grade` costs as a class grows: time, memory, and a second run that finds nothing to do.

    python benchmarks/scale.py [--students 20 125 250 500] [--jobs 2] [--assignment 01_gradients]

Each class is graded in a fresh course directory: made of the chapter's right, wrong and damaged answers, as
in `grade_vs_stock.py`, without those that loop for ever, which would only measure time limits. CPU seconds
are those of the command and of all its processes; a machine that does other work as well makes them more,
too. Memory is the peak of the main process alone.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from grade_vs_stock import BIN, make_course
from spent import adopt_orphans, cpu_seconds


@dataclass(frozen=True)
class Cost:
    """Of one command: seconds of CPU time and by the clock, megabytes."""

    cpu: float
    wall: float
    peak_mb: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, nargs="+", default=[20, 125, 250, 500])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--assignment", default="01_gradients")
    chosen = parser.parse_args()
    adopt_orphans()
    print(f"{chosen.assignment}, {chosen.jobs} jobs")
    print("students  CPU s  each  wall s  each   MB  again: CPU s  wall s  MB")
    costs = {count: grade_twice(count, chosen) for count in sorted(chosen.students)}
    print_growth({count: first for count, (first, _again) in costs.items()})
    print(json.dumps({count: [asdict(cost) for cost in pair] for count, pair in costs.items()}))


def grade_twice(count: int, chosen: argparse.Namespace) -> tuple[Cost, Cost]:
    """The class graded, and the same command again."""
    with tempfile.TemporaryDirectory() as scratch:
        course = make_course(Path(scratch) / "course", chosen.assignment, count)
        command = ["grade", chosen.assignment, "--course-dir", ".", "--jobs", str(chosen.jobs)]
        first, again = (measure(course, command) for _ in range(2))
    print(
        f"{count:8} {first.cpu:6.1f} {first.cpu / count:.3f} {first.wall:7.1f} {first.wall / count:.3f}"
        f" {first.peak_mb:4.0f} {again.cpu:13.2f} {again.wall:7.2f} {again.peak_mb:4.0f}",
        flush=True,
    )
    return first, again


def measure(course: Path, arguments: list[str]) -> Cost:
    """Run `grader` with these arguments and wait for all that it started."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before, started = cpu_seconds(), time.monotonic()
    process = subprocess.Popen(
        [BIN / "grader", *arguments], cwd=course, env=environment, stdout=subprocess.DEVNULL
    )
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, peak_mb(process.pid))
        time.sleep(0.1)
    wall = time.monotonic() - started
    if process.returncode:
        sys.exit(f"grader {' '.join(arguments)} ended with {process.returncode}")
    return Cost(cpu_seconds() - before, wall, peak)


def peak_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def print_growth(costs: dict[int, Cost]) -> None:
    """From each class to the next larger one: how much more of everything."""
    for few, many in itertools.pairwise(costs):
        small, large = costs[few], costs[many]
        print(f"{few} -> {many}: {many / few:.2f} times the submissions", end="")
        print(f", {large.cpu / small.cpu:.2f} the CPU time", end="")
        print(f", {large.wall / small.wall:.2f} the time, {large.peak_mb / small.peak_mb:.2f} the memory")


if __name__ == "__main__":
    main()
