"""nbgrader's own example course, as `nbgrader quickstart` makes it: graded, with nbgrader's marks."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat

from grader.course.directory import open_course
from grader.course.key import load_key
from grader.grading.assignment import grade_assignment
from grader.pages.explain import find

BIN = Path(sys.executable).parent
MARKERS = re.compile(r"^\s*### (BEGIN|END) .*\n?", re.MULTILINE)
TESTS = ("correct_squares", "squares_invalid_input", "correct_sum_of_squares", "sum_of_squares_uses_squares")


def quickstart(folder: Path) -> Path:
    environment = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run([BIN / "nbgrader", "quickstart", "example"], cwd=folder, env=environment, check=True)
    return folder / "example"


def hand_in(course: Path) -> None:
    """The reference, its markers taken out, and the blank release."""
    key = load_key(open_course(course), "ps1")
    for student, notebooks in (("reference", key.notebooks), ("blank", key.unsolved)):
        folder = course / "submitted" / student / "ps1"
        folder.mkdir(parents=True)
        for name, nb in notebooks.items():
            nb = nbformat.from_dict(nb)
            for cell in nb.cells:
                cell.source = MARKERS.sub("", cell.source)
            (folder / f"{name}.ipynb").write_text(json.dumps(nb))


def test_the_example_course_is_graded_with_nbgraders_marks(tmp_path):
    course = quickstart(tmp_path)
    hand_in(course)
    summary = grade_assignment(course, "ps1")
    marks = {run.student: {s.grade_id: s.auto_score for _, s in run.scores} for run in summary.runs}
    assert [marks["reference"][test] for test in TESTS] == [1.0, 1.0, 0.5, 0.5]
    assert [marks["blank"][test] for test in TESTS] == [0.0, 0.0, 0.0, 0.0]
    assert summary.not_graded == []
    explained = [one.score.grade_id for one in find(course, "blank", "squares")]  # by the answer's own id
    assert explained == ["correct_squares", "squares_invalid_input"]
