"""Which exercise a function is the answer to: read from the chapters that lie around, not from a list."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

HEADING = re.compile(r"^#+ Exercise (\d+)", re.MULTILINE)
MOST_BYTES = 64 << 20


@dataclass(frozen=True)
class Exercise:
    """grade_id: of its answer cell. chapter: "05". number: in its chapter, or 0 when no heading says."""

    grade_id: str
    chapter: str
    number: int

    def __str__(self) -> str:
        return (
            f"exercise {self.number} of chapter {self.chapter}" if self.number else f"chapter {self.chapter}"
        )


def find_exercise(name: str, folder: Path) -> Exercise | None:
    """The Exercise whose answer cell defines `name`, in the notebooks of a folder or of those in it; or None.

    The first chapter counts. A notebook that cannot be read is passed over.
    """
    defined = re.compile(rf"^(?:def|class) {re.escape(name)}\b", re.MULTILINE)
    for path in sorted((*folder.glob("*.ipynb"), *folder.glob("*/*.ipynb")), key=lambda path: path.name):
        try:
            cells = json.loads(path.read_bytes())["cells"] if path.stat().st_size < MOST_BYTES else []
            if found := _search(cells, defined):
                return Exercise(found[0], path.stem.partition("_")[0], found[1])
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            continue
    return None


def _search(cells, defined):
    """The grade_id of the answer that matches, and the number in the last heading above it; or None."""
    number = 0
    for cell in cells:
        source, settings = "".join(cell["source"]), cell["metadata"].get("nbgrader") or {}
        if cell["cell_type"] == "markdown":
            number = int((HEADING.findall(source) or [number])[-1])
        elif settings.get("solution") and defined.search(source):
            return settings["grade_id"], number
    return None
