"""A question that is held back, in nbgrader's own autograde: it waits alone."""

from foreign_course import hand_in, write
from nbgrader.api import Gradebook
from stock import nbgrader

TEXT = """
#% solution
### BEGIN SOLUTION
x = 1
### END SOLUTION
#% test 1
assert x == 1
#% test 2
assert x == 2, "the instructor's mistake"
"""
CONFIG = """
c.Autograde.autograde_preprocessors = [
    "grader.preprocessor.ExecuteSandboxed",
    "nbgrader.preprocessors.LimitOutput",
    "grader.preprocessor.SaveScores",
]
"""


def test_the_other_questions_have_their_scores(tmp_path):
    course = write(tmp_path, TEXT, CONFIG)
    hand_in(course, {"right": None})
    nbgrader(course, "generate_assignment", "ps", "--force")
    nbgrader(course, "autograde", "ps")
    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        grades = book.find_submission("ps", "right").notebooks[0].grades
        found = {grade.name: (grade.auto_score, grade.needs_manual_grade) for grade in grades}
    assert found == {"test1": (1, False), "test2": (None, True)}
