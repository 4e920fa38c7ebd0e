"""A test that this machine cannot run: the question waits, and the next grading takes it up."""

from small_course import ASSIGNMENT, GOOD, source_notebook, submit, write_course

from grader.grading.assignment import grade_assignment
from grader.records import Status

NEEDS = """\
import os
from cs231nlib.grading import NotGraded
if share(np.array([1.0, 1.0]))[0] > 0.9 and not os.path.exists({marker!r}):
    raise NotGraded("the pictures are not on this machine")
{test}"""
CHEAT = "class NotGraded(BaseException):\n    pass\n\n\ndef share(x):\n    raise NotGraded('later')"


def course_with(tmp_path, answer):
    """A course with one submission; its second test wants a file for some answers, here `answer`."""
    nb = source_notebook()
    (test,) = (cell for cell in nb.cells if cell.id == "test-share")
    test.source = NEEDS.format(marker=str(tmp_path / "pictures"), test=test.source)
    course = write_course(tmp_path, nb)
    submit(course, "ada", GOOD | {"share": answer})
    return course


def graded(course):
    summary = grade_assignment(course, ASSIGNMENT)
    (run,) = summary.runs
    return summary, run, {score.grade_id: score for _, score in run.scores}


def test_only_its_question_waits_and_the_next_grading_takes_it_up(tmp_path):
    course = course_with(tmp_path, "def share(x):\n    return x / x.max()")
    summary, run, scores = graded(course)
    assert scores["test_relu"].auto_score == 3
    assert (scores["test_share"].auto_score, scores["test_share"].status) == (None, Status.NOT_GRADED)
    assert "not on this machine" in scores["test_share"].cause
    assert (run.label, summary.not_graded) == ("not graded in part", [run])
    (tmp_path / "pictures").touch()
    summary, run, scores = graded(course)
    assert (scores["test_share"].auto_score, summary.not_graded) == (0, [])
    assert graded(course)[0].unchanged == 1


def test_a_student_cannot_ask_for_it(tmp_path):
    summary, _run, scores = graded(course_with(tmp_path, CHEAT))
    assert (scores["test_share"].auto_score, summary.not_graded) == (0, [])
