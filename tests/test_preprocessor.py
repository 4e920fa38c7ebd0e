"""`nbgrader autograde`, as an existing course runs it, on the sandboxed executor."""

import nbformat
import pytest
from nbgrader.api import Gradebook
from questions import FOLDER, expectations, notebook, submission
from stock import nbgrader

CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "old"
c.Autograde.autograde_preprocessors = [
    "grader.preprocessor.ExecuteSandboxed",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
"""
INSTRUCTOR = (FOLDER / "instructor.py").read_text()
STUDENTS = ("changes_its_input", "os_exit_in_call")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = tmp_path_factory.mktemp("course")
    (course / "nbgrader_config.py").write_text(CONFIG)
    (course / "source" / "a1").mkdir(parents=True)
    nbformat.write(notebook(INSTRUCTOR), course / "source" / "a1" / "nb.ipynb")
    nbgrader(course, "generate_assignment", "a1")
    for student in STUDENTS:
        folder = course / "submitted" / student / "a1"
        folder.mkdir(parents=True)
        handed_in = submission(INSTRUCTOR, (FOLDER / f"{student}.py").read_text())
        nbformat.write(handed_in, folder / "nb.ipynb")
    nbgrader(course, "autograde", "a1")
    return course


def test_nbgrader_autograde_gives_the_marks_of_the_executor(course):
    with Gradebook(f"sqlite:///{course}/gradebook.db", "old") as book:
        for student in STUDENTS:
            grades = book.find_submission("a1", student).notebooks[0].grades
            scores = {f"{grade.name.removeprefix('test_')}={grade.auto_score:g}" for grade in grades}
            wanted = expectations((FOLDER / f"{student}.py").read_text())["expect"]
            assert scores == set(wanted.split())
