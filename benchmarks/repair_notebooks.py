"""What it costs to repair a notebook before it is graded: `python benchmarks/repair_notebooks.py`.

Median wall time over a chapter of the course, handed in whole and damaged, beside json.loads.
"""

from __future__ import annotations

import copy
import json
import shutil
import statistics
import tempfile
import time
from pathlib import Path

import nbformat

from grader.course.build import build
from grader.repair.repair import repair

ROOT = Path(__file__).resolve().parents[1]
PICTURE = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBOR" * 20_000}}


def main(chapter: str = "01_gradients") -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "course" / "chapters", Path(folder) / "chapters")
        build(Path(folder), chapter)
        source = nbformat.read(Path(folder) / "source" / chapter / f"{chapter}.ipynb", 4)
    good = json.loads(nbformat.writes(source))
    for name, nb in {"whole": good, "no marks": stripped(good), "30 figures": illustrated(good)}.items():
        show(name, json.dumps(nb).encode(), source)
    show("cut off", json.dumps(good).encode()[:-2000], source)
    show("600 cells more", json.dumps(lengthened(good)).encode(), source)


def stripped(nb: dict) -> dict:
    """As platforms return it that know nothing of nbgrader."""
    return nb | {"cells": [cell | {"metadata": {}, "id": f"x{n}"} for n, cell in enumerate(nb["cells"])]}


def illustrated(nb: dict) -> dict:
    nb = copy.deepcopy(nb)
    for cell in [cell for cell in nb["cells"] if cell["cell_type"] == "code"][:30]:
        cell["outputs"] = [PICTURE] * 2
    return nb


def lengthened(nb: dict) -> dict:
    cell: dict = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    return nb | {"cells": nb["cells"] + [cell | {"id": f"y{n}", "source": f"y = {n}"} for n in range(600)]}


def show(name: str, data: bytes, source) -> None:
    took = median_ms(lambda: repair(data, source, "notebook"))
    parsed = "" if name == "cut off" else f"   json.loads {median_ms(lambda: json.loads(data)):6.1f} ms"
    print(f"{name:16}{len(data) / 1e6:6.2f} MB   repair {took:6.1f} ms{parsed}")


def median_ms(work, times: int = 25) -> float:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return 1000 * statistics.median(taken)


if __name__ == "__main__":
    main()
