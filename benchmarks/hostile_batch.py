"""Grade a batch of which a third is hostile or damaged: how many lines come back, saying what, in what time.

python benchmarks/hostile_batch.py [--count 300] [--jobs 2]
"""

import argparse
import json
import random
import tempfile
import time
from collections import Counter
from pathlib import Path

from grader.grading.assignment import grade_assignment
from grader.records import Limits
from grader.rehearsal.cohort import make_cohort
from grader.rehearsal.demo import prepare

ASSIGNMENT = "01_gradients"
HOSTILE = {
    "exit": "import os\ndef derivative(*a, **k):\n    os._exit(0)",
    "kill all": "import os\nos.kill(-1, 9)",
    "fork bomb": "import os\nwhile True:\n    os.fork()",
    "memory": "hoard = []\nwhile True:\n    hoard.append(bytearray(1 << 26))",
    "recursion": "import sys\nsys.setrecursionlimit(10**9)\ndef derivative(*a):\n    return derivative()",
    "exec": "import os\nos.execv('/bin/true', ['true'])",
    "flood": "for i in range(10**6):\n    print('flood' * 100)",
    "forge": "__import__('sys').stdout.write('{\"points\": 80}')\nderivative = 10.0",
    "loop": "def derivative(*a, **k):\n    while True:\n        pass",
}
DAMAGE = {
    "cut": lambda data, draw: data[: draw.randrange(len(data))],
    "empty": lambda data, draw: b"",
    "rubbish": lambda data, draw: draw.randbytes(4000),
    "UTF-16": lambda data, draw: data.decode().encode("utf-16"),
    "a list": lambda data, draw: b"[" + data + b"]",
    "no metadata": lambda data, draw: changed(
        data, lambda cells: [cell.update(metadata={}) for cell in cells]
    ),
    "shuffled": lambda data, draw: changed(data, draw.shuffle),
    "a cell lost": lambda data, draw: changed(data, lambda cells: cells.pop(draw.randrange(len(cells)))),
    "cells twice": lambda data, draw: changed(data, lambda cells: cells.extend(cells[:20])),
}


def changed(data: bytes, change) -> bytes:
    nb = json.loads(data)
    change(nb["cells"])
    return json.dumps(nb).encode()


def answered(data: bytes, source: str) -> bytes:
    def put(cells):
        for cell in cells:
            if cell.get("metadata", {}).get("nbgrader", {}).get("grade_id") == "derivative":
                cell["source"] = source

    return changed(data, put)


def spoil(course: Path, count: int, draw: random.Random) -> Counter:
    """Copy submissions of the class to `count` new students, each spoilt in one way."""
    class_ = sorted((course / "submitted").iterdir())
    whole = [
        p for p in class_ if b'"nbformat"' in (p / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_bytes()[-400:]
    ]
    ways = [*HOSTILE, *DAMAGE]
    for number in range(count):
        way = ways[number % len(ways)]
        data = (draw.choice(whole) / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_bytes()
        spoilt = answered(data, HOSTILE[way]) if way in HOSTILE else DAMAGE[way](data, draw)
        folder = course / "submitted" / f"spoilt-{number:03}" / ASSIGNMENT
        folder.mkdir(parents=True)
        (folder / f"{ASSIGNMENT}.ipynb").write_bytes(spoilt)
    return Counter(ways[number % len(ways)] for number in range(count))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    root = Path(__file__).resolve().parents[1]
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder) / "course"
        spoilt = args.count // 3
        prepare(root / "course", course, ASSIGNMENT, args.count - spoilt)
        make_cohort(course, ASSIGNMENT, args.count - spoilt)
        print(spoil(course, spoilt, random.Random(0)))
        started = time.monotonic()
        limits = Limits(cell_seconds=5.0)
        summary = grade_assignment(course, ASSIGNMENT, jobs=args.jobs, limits=limits)
        print(f"{len(summary.runs)} lines for {args.count} submissions in {time.monotonic() - started:.0f} s")
        print(Counter(run.label for run in summary.runs))
        print("not graded:", [(run.student, run.detail) for run in summary.not_graded])


if __name__ == "__main__":
    main()
