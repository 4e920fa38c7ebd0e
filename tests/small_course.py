"""A small nbgrader course without chapters, as any instructor might have one, and notebooks for it."""

import json
from pathlib import Path

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ASSIGNMENT = "ps"
RELU = "def relu(x):\n    ### BEGIN SOLUTION\n    return np.maximum(x, 0)\n    ### END SOLUTION"
SHARE = "def share(x):\n    ### BEGIN SOLUTION\n    return x / x.sum()\n    ### END SOLUTION"
HIDDEN = "SECRET-OF-THE-HIDDEN-TEST"
TEST_RELU = f"""assert relu(np.array([-1.0, 2.0])).tolist() == [0.0, 2.0], "relu of -1 and 2"
### BEGIN HIDDEN TESTS
tag = "{HIDDEN}"
assert relu(np.array([-3])).tolist() == [0], tag
### END HIDDEN TESTS"""
TEST_SHARE = """earned = 0.0
if abs(share(np.array([1.0, 3.0])).sum() - 1) < 1e-9:
    earned += 1.0
if share(np.array([1.0, 3.0]))[0] == 0.25:
    earned += 1.5
earned"""
GOOD = {"relu": "def relu(x):\n    return np.maximum(x, 0)", "share": "def share(x):\n    return x / x.sum()"}


def _cell(grade_id, source, *, points=None, solution=False, kind=new_code_cell):
    graded = points is not None
    grading = {"grade": graded, "grade_id": grade_id, "locked": not solution, "schema_version": 3}
    grading |= {"solution": solution, "task": False} | ({"points": points} if graded else {})
    return kind(source, id=grade_id.replace("_", "-"), metadata={"nbgrader": grading})


def source_notebook():
    """q relu: 3 points by asserts, the second hidden; q share: 2.5 by partial credit; q why: 2 by hand."""
    cells = [
        new_markdown_cell("# Problem set", id="title"),
        _cell("setup", "import numpy as np"),
        new_markdown_cell("## Functions\n\nThe first one:\n\n### Cut off", id="relu-text"),
        _cell("relu", RELU, solution=True),
        _cell("test_relu", TEST_RELU, points=3),
        new_markdown_cell("## Shares", id="share-text"),
        _cell("share", SHARE, solution=True),
        _cell("test_share", TEST_SHARE, points=2.5),
        new_markdown_cell("## In words", id="why-text"),
        _cell("why", "YOUR ANSWER HERE", points=2, solution=True, kind=new_markdown_cell),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


def write_course(root: Path, source=None) -> Path:
    """A course directory below `root` with the source of one assignment; no release, no gradebook."""
    course = root / "course"
    folder = course / "source" / ASSIGNMENT
    folder.mkdir(parents=True)
    (folder / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(source or source_notebook()))
    (folder / "data.csv").write_text("1,2\n")
    (course / "nbgrader_config.py").write_text('c = get_config()\nc.CourseDirectory.course_id = "small"\n')
    return course


def write_class(root: Path, settings: str, answers: dict[str, dict[str, str]]) -> Path:
    """The course with more `settings`, and what each student answered handed in."""
    course = write_course(root)
    with open(course / "nbgrader_config.py", "a") as file:
        file.write(settings)
    for student, own in answers.items():
        submit(course, student, own)
    return course


def answered(answers: dict[str, str], source=None):
    """The notebook with these sources in its cells; answers not named are as released."""
    nb = source or source_notebook()
    stubs = {
        grade_id: f"def {grade_id}(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
        for grade_id in GOOD
    }
    for cell in nb.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = answers.get(grade_id, stubs.get(grade_id, cell.source))
        cell.source = cell.source.split("\n### BEGIN HIDDEN")[0]
    return nb


def submit(course: Path, student: str, answers: dict[str, str] | bytes, assignment: str = ASSIGNMENT) -> Path:
    """Hand in answers, or these very bytes as the notebook."""
    folder = course / "submitted" / student / assignment
    folder.mkdir(parents=True, exist_ok=True)
    data = answers if isinstance(answers, bytes) else json.dumps(answered(answers)).encode()
    path = folder / f"{assignment}.ipynb"
    path.write_bytes(data)
    return path


def scores(summary):
    """student -> grade_id -> automatic score, of a grading's summary"""
    return {
        run.student: {score.grade_id: score.auto_score for _, score in run.scores} for run in summary.runs
    }
