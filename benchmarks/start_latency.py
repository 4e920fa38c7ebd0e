"""From a request to the first student cell, and what the warm process and four students weigh.

Usage: python benchmarks/start_latency.py [ROUNDS]

Prints medians over ROUNDS (default 60) starts on each level this machine can provide, and the memory of a
warm process with four idle students: all their processes together, each shared page counted once (PSS).
CPU is that of the student process and what it started.
"""

import contextlib
import math
import statistics
import sys
import time

from rich.console import Console
from rich.table import Table

from grader.engine.judge.link import Link
from grader.engine.sandbox.levels import FULL, NO_NAMESPACES, UNSAFE, probe
from grader.engine.sandbox.processes import Processes
from grader.engine.sandbox.zygote import Zygote
from grader.engine.wire.channel import Channel
from grader.records import Limits


def first_cell(zygote: Zygote) -> tuple[float, float, float]:
    """Seconds from the request to a process in its sandbox, to the answer of its first cell, and CPU."""
    begun = time.perf_counter()
    with zygote.start({"notes.txt": b"x"}, Limits()) as student:
        ready = time.perf_counter()
        link = Link(Channel(student.sock))
        link.start_cell(time.monotonic() + 20)
        link.run_cell("x = 1", 1, 1 << 16)
        answered = time.perf_counter()
    return ready - begun, answered - begun, student.wait().cpu_seconds


def memory_mb(zygote: Zygote, students: int) -> float:
    """Total memory of the warm process, its keeper and `students` students that ran a cell."""
    processes = Processes()
    with contextlib.ExitStack() as running:
        for _ in range(students):
            student = running.enter_context(zygote.start({}, Limits()))
            link = Link(Channel(student.sock))
            link.start_cell(time.monotonic() + 20)
            link.run_cell("import numpy as np; np.arange(10).sum()", 1, 1 << 16)
        return sum(processes.own_share_mb(p.number) for p in processes.family(zygote.pid))


def main(rounds: int) -> None:
    table = Table("level", "ready ms", "cell ms", "fastest", "90 % below", "CPU ms", "warm MB", "with 4 MB")
    for level in (FULL, NO_NAMESPACES, UNSAFE):
        if probe().missing(level):
            continue
        with Zygote(level) as zygote:
            first_cell(zygote)
            ready, first, cpu = zip(*(first_cell(zygote) for _ in range(rounds)), strict=True)
            weights = [f"{memory_mb(zygote, students):.0f}" for students in (0, 4)]
        middle = statistics.median
        most = sorted(first)[math.ceil(0.9 * rounds) - 1]
        seconds = middle(ready), middle(first), min(first), most, middle(cpu)
        table.add_row(level, *(f"{1000 * s:.1f}" for s in seconds), *weights)
    Console().print(table)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
