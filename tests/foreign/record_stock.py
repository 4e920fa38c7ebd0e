"""Record the marks that nbgrader's own autograde gives: python tests/foreign/record_stock.py [GROUP ...]"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from course_of_cases import GROUPS, STUDENTS, course
from nbgrader.api import Gradebook

BIN = Path(sys.executable).parent
ENVIRONMENT = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
MARKS = Path(__file__).parent / "stock_marks.json"


def marks(root: Path, group: str) -> dict[str, dict[str, dict[str, float]]]:
    """notebook -> student -> grade_id -> nbgrader's mark."""
    for step, what in (("update", "."), ("generate_assignment", group), ("autograde", group)):
        force = ["--force"] * (step == "generate_assignment")
        subprocess.run([BIN / "nbgrader", step, what, *force], cwd=root, check=True, env=ENVIRONMENT)
    found: dict = {}
    with Gradebook(f"sqlite:///{root}/gradebook.db") as book:
        for student in STUDENTS:
            for notebook in book.find_submission(group, student).notebooks:
                grades = {g.cell.name: g.auto_score for g in notebook.grades if g.auto_score is not None}
                found.setdefault(notebook.name, {})[student] = grades
    return found


def main() -> None:
    recorded = json.loads(MARKS.read_text()) if MARKS.exists() else {}
    for group in sys.argv[1:] or GROUPS:
        with tempfile.TemporaryDirectory() as folder:
            recorded[group] = marks(course(Path(folder), group), group)
    MARKS.write_text(json.dumps(recorded, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
