"""Which file of a submission is which notebook of the assignment: by its name, or else by its content."""

from __future__ import annotations

from collections.abc import Mapping

from nbformat import NotebookNode

from grader.repair.assignment_cell import assignment_cells
from grader.repair.matching import match
from grader.repair.reading import read_notebook

SHARE = 0.3  # of the assignment's marked cells that a notebook must hold to be it
MAX_CANDIDATES = 50  # notebooks of a submission that are looked into


def identify(files: Mapping[str, bytes], notebooks: Mapping[str, NotebookNode]) -> dict[str, str]:
    """Notebook name -> path of the file that is it; without those that are nowhere.

    A file with the right name is it, unless it holds nothing of that notebook and another file does.
    """
    named = {name: f"{name}.ipynb" for name in notebooks if f"{name}.ipynb" in files}
    others = [path for path in files if path.endswith(".ipynb") and path not in named.values()]
    for name, nb in notebooks.items():
        if name in named and (not others or likeness_to(files[named[name]], nb)):
            continue
        scores = {path: likeness_to(files[path], nb) for path in others[:MAX_CANDIDATES]}
        best = max(scores, key=scores.__getitem__, default=None)
        if best is not None and scores[best] >= SHARE:
            named[name] = best
            others.remove(best)
    return named


def likeness_to(data: bytes, nb: NotebookNode) -> float:
    """The share of the instructor's marked cells that the file holds, 0 to 1."""
    reading, targets = read_notebook(data), assignment_cells(nb)
    claims = match(list(reading.cells), targets).claims
    marked = [bool(claim) for cell, claim in zip(targets, claims, strict=True) if cell.grade_id]
    return sum(marked) / len(marked) if marked else 0.0
