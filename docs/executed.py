"""The chapters as pages: executed with the course's own answers, shown without them.

    python docs/executed.py FOLDER

writes FOLDER/NN_name.ipynb for each chapter. They run side by side: `kept.py` tells what each finds of
the earlier ones. What is executed is kept in `.cache/executed/` by a digest of all that it was made from: the
library, the chapter, and the answers of those before it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import nbformat
from kept import CHAPTERS, LIBRARY, needed
from nbclient import NotebookClient
from nbformat import NotebookNode

from grader.course.build import source_notebook
from grader.course.chapter import read_chapter
from grader.learner.try_log import WORKING_COPY

ROOT = CHAPTERS.parents[1]
RELEASE = ROOT / "course" / "release"
CACHE = ROOT / ".cache" / "executed"
SHOWN = ("text/html", "text/plain", "image/png", "image/gif", "image/svg+xml", "text/markdown", "text/latex")
ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")}


def main(folder: Path) -> None:
    """Write the pages of all chapters."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [path.stem for path in sorted(CHAPTERS.glob("[0-9]*.md"))]
    kept = {name: CACHE / f"{name}-{mark}.ipynb" for name, mark in zip(names, digests(names), strict=True)}
    execute({name: path for name, path in kept.items() if not path.is_file()})
    for name, path in kept.items():
        nbformat.write(page(nbformat.read(path, as_version=4), released(name)), folder / f"{name}.ipynb")


def digests(names: list[str]) -> Iterator[str]:
    """A mark for each chapter of what its outputs depend on."""
    sofar = hashlib.sha256()
    for path in sorted((ROOT / "cs231nlib").rglob("*")):
        if path.suffix in (".py", ".npz"):
            sofar.update(path.read_bytes())
    for name in names:
        own = sofar.copy()
        for cell in answered(name).cells:
            own.update(cell.source.encode())
        yield own.hexdigest()[:16]
        for source in needed(CHAPTERS / f"{name}.md"):
            sofar.update(source.encode())


def execute(missing: dict[str, Path]) -> None:
    """Run the chapters, as many at once as there are processors; the last ones, which take longest, first."""
    if not missing:
        return
    lab = CACHE / "lab"
    shutil.rmtree(lab, ignore_errors=True)
    os.environ |= ONE_THREAD
    subprocess.run(
        [sys.executable, Path(__file__).with_name("kept.py"), lab], check=True, stdout=subprocess.DEVNULL
    )
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for told in pool.map(run, *zip(*reversed(missing.items()), strict=True)):
            print(f"executed {told}", flush=True)


def run(name: str, path: Path) -> str:
    """Execute one chapter in a working copy of its own, beside the mynet.py of who has done all before it.

    Returns its name and the CPU time of its kernel.
    """
    home = CACHE / "lab" / name
    shutil.copytree(RELEASE / name, home / name)
    (home / WORKING_COPY).write_text("{}")
    shutil.copyfile(f"{home}.py", home / LIBRARY)
    os.environ["PYTHONPATH"] = str(home)
    nb = answered(name)
    resources = {"metadata": {"path": str(home / name)}}
    before = kernel_seconds()
    NotebookClient(nb, timeout=600, kernel_name="python3", resources=resources).execute()
    nbformat.write(nb, path)
    return f"{name}: {kernel_seconds() - before:.0f} CPU s"


def kernel_seconds() -> float:
    """CPU seconds of the kernels that this process has started and seen end."""
    times = os.times()
    return times.children_user + times.children_system


def released(name: str) -> NotebookNode:
    """A chapter as students get it, without the cell that fetches the course."""
    nb = nbformat.read(RELEASE / name / f"{name}.ipynb", as_version=4)
    nb.cells = [cell for cell in nb.cells if cell.id != "set-up"]
    return nb


def answered(name: str) -> NotebookNode:
    """The released chapter with the course's answers put in."""
    answers = {cell.id: cell.source for cell in source_notebook(read_chapter(CHAPTERS / f"{name}.md")).cells}
    nb = released(name)
    for cell in nb.cells:
        if is_answer(cell):
            cell.source = answers[cell.id]
    return nb


def is_answer(cell: NotebookNode) -> bool:
    """Whether it is a cell for students to fill in."""
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def page(executed: NotebookNode, release: NotebookNode) -> NotebookNode:
    """The released notebook with the outputs of the executed one, but for those of the answers' own cells."""
    outputs = {cell.id: cell.get("outputs", []) for cell in executed.cells}
    for cell in release.cells:
        if cell.cell_type == "code":
            cell.outputs = [fit(out) for out in outputs.get(cell.id, []) if not is_answer(cell)]
            cell.metadata["tags"] = [*cell.metadata.get("tags", []), *folding(cell)]
    return release


def folding(cell: NotebookNode) -> list[str]:
    """Test cells and drawing code are folded on a page as they are in the notebook."""
    return ["hide-input"] if cell.metadata.get("jupyter", {}).get("source_hidden") else []


def fit(out: NotebookNode) -> NotebookNode:
    """An output with those of its forms that a page without a kernel shows."""
    if "data" in out:
        out.data = NotebookNode({kind: data for kind, data in out.data.items() if kind in SHOWN})
    return out


if __name__ == "__main__":
    main(Path(sys.argv[1]))
