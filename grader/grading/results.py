"""Keeps what a grading found: in autograded/, in the gradebook, in runs/, and in the summary."""

from __future__ import annotations

from dataclasses import replace

from grader.answer_key import AnswerKey
from grader.books.autograded import write_autograded
from grader.books.gradebook import Gradebook
from grader.books.run_files import write_run
from grader.books.runs import run_of
from grader.course.directory import Course
from grader.errors import GraderError, explained, stops_all
from grader.grading.earlier_runs import MAX_FAILURES, EarlierRuns
from grader.grading.environment import versions
from grader.grading.score import not_graded
from grader.grading.summary import GradingSummary
from grader.records import GradedSubmission, Status

GIVEN_UP = "; it is not tried again but with --force"


class Results:
    """Where the results go; in a dry run only the `summary` has them."""

    def __init__(
        self, course: Course, key: AnswerKey, book: Gradebook, summary: GradingSummary, earlier: EarlierRuns
    ):
        self._course, self._key, self._book = course, key, book
        self._summary, self._earlier = summary, earlier

    def keep(self, graded: GradedSubmission) -> None:
        """Record one result; what cannot be recorded is NOT_GRADED and stops nobody else.

        Raises CourseError when nothing can be written any more, GradebookError.
        """
        try:
            if graded.status is not Status.NOT_GRADED:
                changes = self._book.changes(graded)
                self._record(replace(graded, as_before=self._earlier.as_before(graded)))
                self._summary.changes.extend(changes)
            self._keep_run(graded)
        except GraderError:
            raise
        except Exception as error:
            if isinstance(error, OSError) and stops_all(error):
                raise explained(error, self._course.root) from error
            reason = f"cannot be recorded: {type(error).__name__}: {error}"[:300]
            self._keep_run(not_graded(self._key, graded.submission, reason))

    def _record(self, graded: GradedSubmission) -> None:
        """Files first, then the gradebook, the run last: a crash between them means only a second run."""
        if self._summary.dry_run:
            return
        folder = self._course.folder("autograded", graded.submission.student, self._key.assignment)
        write_autograded(folder, self._key, graded)
        self._book.record(graded)

    def _keep_run(self, graded: GradedSubmission) -> None:
        student, failures = graded.submission.student, 0
        seed = self._earlier.seed(student)
        if graded.status is Status.NOT_GRADED:
            failures = self._earlier.failures(student) + 1
            detail = graded.detail + GIVEN_UP * (failures >= MAX_FAILURES)
            mark = self._earlier.fingerprint(graded.submission, seed)
            graded = replace(graded, fingerprint=mark, detail=detail)
        basis = self._earlier.basis(graded, seed)
        run = run_of(graded, seed, failures, versions(), basis)
        self._summary.runs.append(run)
        self._summary.in_part += bool(run.again)
        self._summary.questions += sum(map(len, run.again.values()))
        if not self._summary.dry_run:
            write_run(self._course.root, run)
