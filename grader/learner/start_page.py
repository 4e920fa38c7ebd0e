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
AS_OF = "*As it stood when the lab was opened; `progress()` in a notebook tells how it stands now.*"
TITLE = re.compile(r"^# (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class ChapterRow:
    """A chapter: its notebook, its title, points earned as far as they are known, points of its tests."""

    path: str
    title: str
    points: float
    max_points: float

    @property
    def is_done(self) -> bool:
        return 0 < self.max_points <= self.points

    @property
    def state(self) -> str:
        if self.is_done:
            return "✓ done"
        return f"{self.points:g} of {self.max_points:g}" if self.max_points else "–"

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
    tries = TryLog(work).tries.get(notebook.stem, {})
    try:
        cells = json.loads(notebook.read_bytes())["cells"]
        text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
        of = sum(float(cell["metadata"].get("nbgrader", {}).get("points", 0)) for cell in _tests(cells))
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        text, of = "", 0.0  # a damaged notebook is still listed
    title = TITLE.search(text)
    points = sum(one.points for one in tries.values())
    return ChapterRow(
        f"{notebook.parent.name}/{notebook.name}", title[1] if title else notebook.stem, points, of
    )


def _tests(cells: list) -> list:
    return [cell for cell in cells if cell["cell_type"] == "code"]


def _page(rows: list[ChapterRow]) -> str:
    following = next((row for row in rows if not row.is_done), None)
    head = f"**Next:** {_link(following)}" if following else "**All chapters are done.**"
    lines = [f"| `{row.name}` | {_link(row)} | {row.state} |" for row in rows]
    table = ["| | chapter | points |", "|---|---|---|", *lines]
    return "\n".join([MARK, "", "# The chapters", "", head, "", *table, "", AS_OF, ""])


def _link(row: ChapterRow) -> str:
    return f"[{row.title.replace('|', '&#124;')}]({quote(row.path)})"
