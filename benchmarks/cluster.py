"""CPU time per submission: workers of a Dask cluster on this machine, and the local pool, side by side.

    python benchmarks/cluster.py [--few 12] [--many 60] [--assignment 01_gradients]

Each grades two classes: what a further submission costs is the difference, what is left is the start. CPU is
that of all processes that were started for it, the scheduler's and the workers' too.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from grade_vs_stock import BIN, forget_grades, make_course, run
from spent import adopt_orphans, cpu_seconds

WORKERS = 2
CALM = {  # docs/scale.md: else Dask wakes up a hundred times a second to look at its own threads and clock
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "500ms",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--few", type=int, default=12)
    parser.add_argument("--many", type=int, default=60)
    parser.add_argument("--assignment", default="01_gradients")
    chosen = parser.parse_args()
    adopt_orphans()
    spent: dict[tuple[str, int], tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for count in (chosen.few, chosen.many):
            course = make_course(Path(scratch) / str(count), chosen.assignment, count)
            for name, grade in (("pool", at_pool), ("cluster", at_cluster)):
                before, started = cpu_seconds(), time.monotonic()
                grade(course, chosen.assignment)
                cpu, wall = spent[name, count] = cpu_seconds() - before, time.monotonic() - started
                print(f"{name:8} {count:4} submissions {cpu:7.1f} s CPU {wall:6.1f} s wall", flush=True)
                forget_grades(course)
    print_slopes(spent, chosen.few, chosen.many)


def at_pool(course: Path, assignment: str) -> None:
    check(run(course, "grader", "grade", assignment, "--course-dir", ".", "--jobs", str(WORKERS)))


def at_cluster(course: Path, assignment: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    worker = ["worker", address, "--nthreads", "1", "--no-nanny", "--local-directory", str(course.parent)]
    commands = [["scheduler", "--host", address], *[worker] * WORKERS]
    os.environ |= CALM
    started = [
        subprocess.Popen([BIN / "dask", *command, "--no-dashboard"], stderr=subprocess.DEVNULL)
        for command in commands
    ]
    check(run(course, "grader", "grade", assignment, "--course-dir", ".", "--scheduler", address))
    for process in reversed(started):
        process.terminate()
        process.wait()


def check(done: subprocess.CompletedProcess) -> None:
    if done.returncode:
        sys.exit(done.stderr.decode()[-3000:] + done.stdout.decode()[-1000:])


def print_slopes(spent: dict[tuple[str, int], tuple[float, float]], few: int, many: int) -> None:
    slopes = {}
    for name in ("pool", "cluster"):
        slopes[name] = (spent[name, many][0] - spent[name, few][0]) / (many - few)
        start = spent[name, few][0] - few * slopes[name]
        print(f"{name:8} {slopes[name]:.3f} s CPU a submission, {start:.1f} s to start")
    print(f"cluster / pool: {slopes['cluster'] / slopes['pool']:.2f}")


if __name__ == "__main__":
    main()
