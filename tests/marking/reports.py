"""A class whose reports wait for a reader, as if graded."""

from pathlib import Path

from harmful import HARMFUL
from small_course import answered, write_course

from grader.books.autograded import write_autograded
from grader.books.gradebook import Gradebook
from grader.books.run_files import write_run
from grader.books.runs import run_of
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.grading.score import score_cells
from grader.records import Execution, GradedSubmission, Status, Submission, Verdict


def class_with_reports(folder: Path, size: int) -> Path:
    """The course directory of a class of this size."""
    course = write_course(folder)
    key = load_key(open_course(course), "ps")
    with Gradebook(open_course(course), key) as book:
        book.store_key()
        for number in range(size):
            _hand_in(course, book, key, number)
    return course


def _hand_in(course, book, key, number):
    """A graded submission with a report that a human has to read."""
    nb = answered({"why": f"Report {number}. {HARMFUL[number % len(HARMFUL)]}\n\nIt **falls**."})
    verdicts = {"test_relu": Verdict("test_relu", Status.COMPLETED, 3.0)}
    run = Execution(nb, Status.COMPLETED, 0.1, 1.0, verdicts=verdicts)
    submission = Submission(f"s{number:03}", "ps", None, {})
    graded = GradedSubmission(
        submission, Status.COMPLETED, {"ps": run}, {"ps": score_cells(run, key.unsolved["ps"])}
    )
    for step in ("submitted", "autograded"):
        (course / step / submission.student / "ps").mkdir(parents=True)
    write_autograded(course / "autograded" / submission.student / "ps", key, graded)
    book.record(graded)
    write_run(course, run_of(graded, 1))
