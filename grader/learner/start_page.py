"""The page that JupyterLab opens with: the chapters of a working copy, what is done, what comes next."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from grader.atomic import write_atomic
from grader.learner.try_log import TryLog

NAME = "Start.md"
MARK = "<!-- Made anew each time that the lab is opened: what you write here is lost. -->"
NOTE = (
    "*✓: every check in the notebook holds; points then missing are in checks that grading makes. So it"
    " stood when the lab was opened; `progress()` in a notebook tells how it stands now.*"
)
TITLE = re.compile(r"^# (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class ChapterRow:
    """A chapter: its notebook, its title, points earned as far as they are known, points of its tests.

    open: how many of its tests have not been run, or say that something fails.
    """

    path: str
    title: str
    points: float
    max_points: float
    open: int

    @property
    def is_done(self) -> bool:
        return self.max_points > 0 and self.open <= 0

    @property
    def state(self) -> str:
        mark = "✓ " if self.is_done else ""
        return f"{mark}{self.points:g} of {self.max_points:g}" if self.max_points else "–"

    @property
    def name(self) -> str:
        return self.path.partition("/")[0]


def write_start_page(work: Path) -> Path | None:
    """Write the page into a working copy; a file of that name which is not ours stays, and is not opened."""
    path = work / NAME
    if path.is_file() and not path.read_text(encoding="utf-8", errors="replace").startswith(MARK):
        return None
    write_atomic(path, _page([_row(work, notebook) for notebook in _notebooks(work)]))
    return path


def _notebooks(work: Path) -> list[Path]:
    """NAME/NAME.ipynb, in their order; what else lies there is the student's own."""
    return sorted(path for path in work.glob("*/*.ipynb") if path.stem == path.parent.name)


def _row(work: Path, notebook: Path) -> ChapterRow:
    tries = TryLog(work).tries.get(notebook.stem, {}).values()
    try:
        cells = json.loads(notebook.read_bytes())["cells"]
        text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
        worth = [points for cell in cells if (points := _worth(cell))]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        text, worth = "", []  # a damaged notebook is still listed
    title = TITLE.search(text)
    points, held = sum(one.points for one in tries), sum(one.passed or one.fine for one in tries)
    path = f"{notebook.parent.name}/{notebook.name}"
    return ChapterRow(path, title[1] if title else notebook.stem, points, sum(worth), len(worth) - held)


def _worth(cell: dict) -> float:
    """The points of a test cell; 0 for any other."""
    facts = cell["metadata"].get("nbgrader", {})
    is_test = cell["cell_type"] == "code" and not facts.get("solution")
    return float(facts.get("points", 0)) if is_test else 0.0


def _page(rows: list[ChapterRow]) -> str:
    following = next((row for row in rows if not row.is_done), None)
    head = f"**Next:** {_link(following)}" if following else "**All chapters are done.**"
    lines = [f"| `{row.name}` | {_link(row)} | {row.state} |" for row in rows]
    table = ["| | chapter | points |", "|---|---|---|", *lines]
    return "\n".join([MARK, "", "# The chapters", "", head, "", *table, "", NOTE, ""])


def _link(row: ChapterRow) -> str:
    return f"[{row.title.replace('|', '&#124;')}]({quote(row.path)})"
