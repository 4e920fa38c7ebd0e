"""Courses as the world writes them: a notebook from a short text, its release, and who hands in what.

The text is cut by lines `#% kind`: plain, text, solution, `test POINTS`, `manual POINTS`; and poor, which is
kept with the solution above it. A solution may stand between those marks that the configuration of the course
names.
"""

import json
import re
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.course.release import release
from grader.grading.assignment import grade_assignment

ASSIGNMENT = "ps"
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
BASE = 'c = get_config()\nc.CourseDirectory.course_id = "foreign"\n'
MARK = re.compile(r"^\s*#+ *(BEGIN|END|ANSWER BEGIN|ANSWER END)\b.*\n?", re.MULTILINE)


def write(root: Path, text: str, config: str = "", files: dict[str, bytes] | None = None) -> Path:
    """A course directory whose source and release hold the notebook of `text`."""
    course = root / "course"
    folder = course / "source" / ASSIGNMENT
    folder.mkdir(parents=True)
    (course / "nbgrader_config.py").write_text(BASE + config)
    (folder / "nb.ipynb").write_text(json.dumps(notebook(text)))
    for name, data in (files or {}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return course


def notebook(text: str) -> nbformat.NotebookNode:
    cells, count = [], {}
    for part in re.split(r"^#% ", text, flags=re.MULTILINE)[1:]:
        head, _, body = part.partition("\n")
        kind, *points = head.split()
        if kind == "poor":
            cells[-1].metadata.poor = body.strip("\n")
            continue
        count[kind] = count.get(kind, 0) + 1
        cells.append(_cell(kind, f"{kind}{count[kind]}", body.strip("\n"), points))
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL})


def _cell(kind: str, name: str, source: str, points: list[str]) -> nbformat.NotebookNode:
    if kind in ("plain", "text"):
        return (new_markdown_cell if kind == "text" else new_code_cell)(source, id=name)
    test, manual = kind == "test", kind == "manual"
    marks = {
        "grade": test or manual,
        "solution": not test,
        "locked": test,
        "task": False,
        "schema_version": 3,
    }
    marks |= {"grade_id": name} | ({"points": float(points[0])} if points else {})
    made = new_markdown_cell if manual else new_code_cell
    return made(source, id=name, metadata={"nbgrader": marks})


def hand_in(course: Path, answers: dict[str, dict[str, str] | None]) -> None:
    """Each student's copy of the release: the reference's answers for None, else those given by grade_id."""
    released = nbformat.read(release(course, ASSIGNMENT) / "nb.ipynb", 4)
    source = nbformat.read(course / "source" / ASSIGNMENT / "nb.ipynb", 4)
    reference = {
        cell.id: MARK.sub("", cell.source) for cell in source.cells if cell.id.startswith("solution")
    }
    for student, given in answers.items():
        nb = nbformat.from_dict(released)
        for cell in nb.cells:
            cell.source = (reference if given is None else given).get(cell.id, cell.source)
        folder = course / "submitted" / student / ASSIGNMENT
        folder.mkdir(parents=True)
        (folder / "nb.ipynb").write_text(json.dumps(nb))


def grade(course: Path, answers: dict[str, dict[str, str] | None]):
    """Student -> Run, for what the students handed in; `blank` and `reference` come by themselves."""
    hand_in(course, {"reference": None, "blank": {}, **answers})
    summary = grade_assignment(course, ASSIGNMENT)
    return {run.student: run for run in summary.runs}


def points(run) -> list[float | None]:
    """The points of each test cell, in order."""
    return [score.auto_score for _, score in run.scores]
