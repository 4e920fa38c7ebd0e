"""The chapters as pages: executed with the course's own answers, shown without them.

    python docs/executed.py FOLDER

writes FOLDER/NN_name.ipynb for each chapter. What is executed is kept in `.cache/executed/` by a digest
of all that it was made from; so only the first build, and one after an edit, takes minutes.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from grader.course.build import source_notebook
from grader.course.chapter import read_chapter
from grader.learner.workcopy import refresh

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS, RELEASE = ROOT / "course" / "chapters", ROOT / "course" / "release"
CACHE = ROOT / ".cache" / "executed"
SHOWN = ("text/html", "text/plain", "image/png", "image/gif", "image/svg+xml", "text/markdown", "text/latex")
ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")}


def main(folder: Path) -> None:
    """Write the pages of all chapters, in the order in which they build on each other."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [path.stem for path in sorted(CHAPTERS.glob("[0-9]*.md"))]
    marks = dict(zip(names, digests(names), strict=True))
    execute({name: mark for name, mark in marks.items() if not (CACHE / f"{name}-{mark}.ipynb").is_file()})
    for name, mark in marks.items():
        nb = page(nbformat.read(CACHE / f"{name}-{mark}.ipynb", as_version=4), released(name))
        nbformat.write(nb, folder / f"{name}.ipynb")


def digests(names: list[str]) -> Iterator[str]:
    """A mark for each chapter of what its outputs depend on: the library, and the chapters up to it."""
    sofar = hashlib.sha256()
    for path in sorted((ROOT / "cs231nlib").rglob("*")):
        if path.suffix in (".py", ".npz"):
            sofar.update(path.read_bytes())
    for name in names:
        for cell in answered(name).cells:
            sofar.update(cell.source.encode())
        yield sofar.hexdigest()[:16]


def execute(marks: dict[str, str]) -> None:
    """Run the chapters one after the other, for what is kept in one is imported by the next."""
    lab = CACHE / "lab"
    refresh(RELEASE, lab)
    os.environ |= ONE_THREAD | {"PYTHONPATH": str(lab)}
    for name, mark in marks.items():
        nb = answered(name)
        resources = {"metadata": {"path": str(lab / name)}}
        NotebookClient(nb, timeout=600, kernel_name="python3", resources=resources).execute()
        nbformat.write(nb, CACHE / f"{name}-{mark}.ipynb")
        print(f"executed {name}", flush=True)


def released(name: str) -> NotebookNode:
    """A chapter as students get it."""
    return nbformat.read(RELEASE / name / f"{name}.ipynb", as_version=4)


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
