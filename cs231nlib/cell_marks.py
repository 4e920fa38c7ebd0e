"""Which test cells of this notebook did not pass when they last ran. The page names the cell that it runs."""

from __future__ import annotations

from cs231nlib.session import cell_id

_failing: set[str] = set()  # ids of test cells: "test_" and the id of the answer


def note(passed: bool) -> None:
    """Remember how the test cell that runs now ended; without a page that names it, nothing."""
    if cell := cell_id():
        (_failing.discard if passed else _failing.add)(cell)


def fails(grade_id: str) -> bool:
    """Whether the test of this answer has run here, and did not pass."""
    return f"test_{grade_id}" in _failing
