"""Small courses of other people's habits, written as text; submissions to them: reference, blank, poor.

A file of cases/ is an assignment. `#### name: what` begins a notebook, whose cells begin with `#% plain`,
`text`, `solution` or `test POINTS`; `#% poor` is an answer that deserves less than the solution above it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from nbformat import v4

CASES = Path(__file__).parent / "cases"
GROUPS = sorted(path.stem for path in CASES.glob("*.cells"))
STUDENTS = ("blank", "poor", "reference")
RULER = "CM_PER_INCH = 2.54\n"
STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
CONFIG = 'c = get_config()\nc.CourseDirectory.course_id = "elsewhere"\n'


def notebooks(text: str) -> dict[str, list[tuple[str, str, str]]]:
    """name -> (kind, points, source) of each of its cells."""
    found = {}
    for part in re.split(r"^#### ", text, flags=re.MULTILINE)[1:]:
        head, _, body = part.partition("\n")
        cells = re.split(r"^#% ", body, flags=re.MULTILINE)[1:]
        split = (cell.partition("\n") for cell in cells)
        found[head.split(":")[0]] = [(*f"{h} 0".split()[:2], source.strip("\n")) for h, _, source in split]
    return found


def notebook(cells: list[tuple[str, str, str]], student: str = ""):
    """The source notebook; or the one that a student hands in."""
    made, last, number = [], None, 0
    for kind, points, source in cells:
        if kind == "poor":
            last.source = source if student == "poor" else last.source
            continue
        number += 1
        last = (v4.new_markdown_cell if kind == "text" else v4.new_code_cell)(source, id=f"cell-{number}")
        marks = {"grade_id": f"{kind}{number}", "schema_version": 3, "task": False}
        marks |= {"grade": kind == "test", "solution": kind == "solution", "locked": kind == "test"}
        if kind == "solution" and not student:
            last.source = f"### BEGIN SOLUTION\n{source}\n### END SOLUTION"
            if source.startswith("%%"):  # a magic stands first; the markers stand inside
                magic, _, rest = source.partition("\n")
                last.source = f"{magic}\n### BEGIN SOLUTION\n{rest}\n### END SOLUTION"
        elif kind == "solution" and student == "blank":
            magic = source.split("\n")[0] + "\n" if source.startswith("%%") else ""
            last.source = magic + STUB
        elif kind == "test" and student:
            last.source = source.split("\n### BEGIN HIDDEN")[0]
        if kind in ("solution", "test"):
            last.metadata.nbgrader = marks | ({"points": float(points)} if kind == "test" else {})
        made.append(last)
    return v4.new_notebook(cells=made, metadata=KERNEL)


def write(root: Path, group: str, cases: dict[str, list]) -> Path:
    """A course in `root`: assignment `group` has a notebook for each case, and three submissions."""
    folders = {"": root / "source" / group}
    folders |= {student: root / "submitted" / student / group for student in STUDENTS}
    for student, folder in folders.items():
        folder.mkdir(parents=True)
        for name, cells in cases.items():
            (folder / f"{name}.ipynb").write_text(json.dumps(notebook(cells, student)))
        (folder / "tools").mkdir()
        (folder / "tools" / "ruler.py").write_text(RULER)
    (root / "nbgrader_config.py").write_text(CONFIG)
    return root


def course(root: Path, group: str) -> Path:
    return write(root, group, notebooks((CASES / f"{group}.cells").read_text()))
