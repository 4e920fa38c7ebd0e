"""Which test cells of this notebook did not pass when they last ran. The page names the cell that it runs."""

from __future__ import annotations

from pathlib import Path

from cs231nlib.exercises import find_exercise
from cs231nlib.session import cell_id

_failing: set[str] = set()  # ids of test cells: "test_" and the id of the answer


def note(passed: bool) -> None:
    """Remember how the test cell that runs now ended; without a page that names it, nothing."""
    if cell := cell_id():
        (_failing.discard if passed else _failing.add)(cell)


def fails(name: str) -> bool:
    """Whether `name` is an answer in a notebook here whose test has run and did not pass."""
    exercise = find_exercise(name, Path.cwd()) if _failing else None
    return exercise is not None and f"test_{exercise.grade_id}" in _failing
