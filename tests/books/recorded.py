"""Submissions of the small course, recorded in its gradebook, and what nbgrader and humans do there."""

import json

from nbgrader.api import Gradebook as Nbgrader
from small_course import answered, source_notebook

from grader.books.gradebook import Gradebook
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.grading.score import score_cells
from grader.records import Execution, GradedSubmission, Status, Submission, Verdict

FULL = {"test_relu": 3.0, "test_share": 2.5}


def graded(key, student, points, why="Because.", when=None):
    """A graded submission whose test cells earned `points`."""
    verdicts = {name: Verdict(name, Status.COMPLETED, worth) for name, worth in points.items()}
    run = Execution(answered({"why": why}), Status.COMPLETED, 0.1, 1.0, verdicts=verdicts)
    scores = {"ps": score_cells(run, key.unsolved["ps"])}
    return GradedSubmission(Submission(student, "ps", when, {}), Status.COMPLETED, {"ps": run}, scores)


def record(course, *submissions, drop_manual=False):
    with Gradebook(open_course(course), load_key(open_course(course), "ps")) as book:
        book.store_key(drop_manual=drop_manual)
        for submission in submissions:
            book.record(submission)


def nbgraders(course):
    """The same gradebook, opened by nbgrader."""
    return Nbgrader(f"sqlite:///{course}/gradebook.db", "small")


def by_hand(course, student, score, comment):
    with nbgraders(course) as book:
        grade = book.find_grade("why", "ps", "ps", student)
        grade.manual_score, grade.needs_manual_grade = score, False
        book.find_comment("why", "ps", "ps", student).manual_comment = comment
        book.db.commit()


def change_source(course, change):
    path = course / "source" / "ps" / "ps.ipynb"
    nb = source_notebook()
    change(nb)
    path.write_text(json.dumps(nb))
