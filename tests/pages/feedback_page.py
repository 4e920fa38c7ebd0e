"""The feedback page of one student, and the check that nothing on it can do harm."""

from bs4 import BeautifulSoup
from small_course import GOOD, answered

from grader.books.autograded import write_autograded
from grader.books.gradebook import Gradebook
from grader.books.run_files import write_run
from grader.books.runs import run_of
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.grading.score import score_cells
from grader.pages.feedback import write_feedback
from grader.records import Execution, GradedSubmission, Status, Submission, Verdict


def page(course, answers=GOOD, verdicts=(), outputs=(), own=(), status=Status.COMPLETED, **more):
    """The feedback page of one student whose run went as told."""
    key, nb = load_key(open_course(course), "ps"), answered(answers)
    nb.cells[3].outputs = list(outputs)
    nb.cells[3:3] = list(own)
    known = {verdict.grade_id: verdict for verdict in verdicts}
    read = status is Status.COMPLETED
    run = Execution(nb if read else None, status, 0.1, 1.0, more.get("detail", ""), known)
    scores = {"ps": score_cells(run, key.unsolved["ps"])}
    submission = Submission(more.get("student", "ada"), "ps", None, {}, more.get("notes", ()))
    graded = GradedSubmission(submission, status, {"ps": run}, scores, more.get("repairs", ()))
    (course / "submitted" / submission.student / "ps").mkdir(parents=True, exist_ok=True)
    write_autograded(course / "autograded" / submission.student / "ps", key, graded)
    if more.get("recorded"):
        with Gradebook(open_course(course), key) as book:
            book.store_key()
            book.record(graded)
    write_run(course, run_of(graded, 1))
    (path,) = write_feedback(course, "ps")
    assert path == course / "feedback" / submission.student / "ps" / "ps.html"
    return path.read_text()


def words(text):
    """What a page says, without its marks."""
    return " ".join(BeautifulSoup(text, "html.parser").get_text(" ").split())


def relu(points, **more):
    return Verdict("test_relu", Status.COMPLETED, points, **more)
