"""What earlier gradings of an assignment left on record: which runs still hold, their seeds, our failures."""

from __future__ import annotations

from grader.answer_key import AnswerKey
from grader.books.run_files import read_run
from grader.books.runs import Basis, Run
from grader.course.directory import Course
from grader.grading.earlier import Earlier, earlier_of
from grader.grading.fingerprint import fingerprint, handed_in_digest, submission_seed
from grader.grading.key_parts import KeyParts
from grader.intake.submissions import read_submission
from grader.records import GradedSubmission, Limits, Submission

MAX_FAILURES = 3  # gradings in a row in which our machines failed a submission: then it waits for a person


class EarlierRuns:
    """The runs on record; `salt` draws the seed of whoever has none there that still holds."""

    def __init__(self, course: Course, key: AnswerKey, limits: Limits, salt: str, *, unsafe: bool):
        self._course, self._key, self._limits, self._salt = course, key, limits, salt
        self._unsafe = unsafe
        self._seeds: dict[str, int] = {}  # of the students whose record still holds
        self._failures: dict[str, int] = {}  # of those that our machines failed
        self._parts = KeyParts(key)
        self._in_part: dict[str, Earlier] = {}  # of those that only a change of tests touches

    def final(self, student: str, recorded: set[str], force: bool) -> Run | None:
        """The run that needs no other one; None for a student to grade. recorded: who is in the gradebook."""
        run = read_run(self._course.root, student, self._key.assignment)
        if run:
            submission = read_submission(self._course, self._key.assignment, student)
            if not self._holds(run, submission):
                self._compare(run, submission, known=student in recorded and not force)
                run = None
        done = run and (run.failures >= MAX_FAILURES or (student in recorded and not run.is_open))
        if done and not force:
            return run
        self._failures[student] = run.failures if run else 0
        return None

    def seed(self, student: str) -> int:
        own = submission_seed(self._salt, self._key.assignment, student)
        return self._seeds.get(student, own)

    def of(self, student: str) -> Earlier | None:
        """What is on record of a submission that need not run whole."""
        return self._in_part.get(student)

    def basis(self, graded: GradedSubmission, seed: int) -> Basis:
        """What the marks of `graded` hang on."""
        handed_in = handed_in_digest(graded.submission)
        return Basis(self._rest(graded.submission, seed), self._parts.tests, graded.answers, handed_in)

    def as_before(self, graded: GradedSubmission) -> frozenset[tuple[str, str]]:
        """Notebook and grade_id of the answers for a human that are, and count, as they were on record."""
        run = read_run(self._course.root, graded.submission.student, self._key.assignment)
        if run is None or run.basis.handed_in != handed_in_digest(graded.submission):
            return frozenset()
        was = {(name, score.grade_id): score.max_score for name, score in run.scores}
        found = [(name, score) for name, scores in graded.scores.items() for score in scores]
        return frozenset(
            (name, score.grade_id)
            for name, score in found
            if score.auto_score is None and was.get((name, score.grade_id)) == score.max_score
        )

    def failures(self, student: str) -> int:
        """Gradings in a row in which our machines failed this submission, as it is."""
        return self._failures.get(student, 0)

    def fingerprint(self, submission: Submission, seed: int) -> str:
        return fingerprint(self._key, submission, self._limits, seed, unsafe=self._unsafe)

    def _holds(self, run: Run, submission: Submission) -> bool:
        """Whether nothing has changed since `run`; then its seed is used again, whatever the salt is now."""
        if holds := run.fingerprint == self.fingerprint(submission, run.seed):
            self._seeds[run.student] = run.seed
        return holds

    def _compare(self, run: Run, submission: Submission, *, known: bool) -> None:
        """Keep `run` in mind where nothing but tests has changed since."""
        own = submission_seed(self._salt, self._key.assignment, run.student)
        if not known or run.seed != own or not run.basis.rest:
            return
        if run.basis.rest == self._rest(submission, run.seed) and self._has_pages(run):
            touched = self._parts.touched(run.basis.tests)
            if found := earlier_of(run, touched, self._parts.asked):
                self._in_part[run.student] = found

    def _rest(self, submission: Submission, seed: int) -> str:
        return fingerprint(self._parts.rest, submission, self._limits, seed, unsafe=self._unsafe)

    def _has_pages(self, run: Run) -> bool:
        """Whether the notebooks as they ran are there, which tell of what does not run again."""
        folder = self._course.folder("autograded", run.student, run.assignment)
        return all((folder / f"{name}.ipynb").is_file() for name in run.notebooks)
