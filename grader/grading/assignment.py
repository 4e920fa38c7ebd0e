"""Grading an assignment: which submissions need it, who does it, what is recorded."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, closing, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from grader.answer_key import AnswerKey
from grader.books.gradebook import Gradebook
from grader.books.premises import sole_grading
from grader.books.runs import Run
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.course.salt import salt_of
from grader.engine.sandbox.levels import UNSAFE
from grader.engine.sandbox.zygote import Zygote
from grader.errors import ClusterError, CourseError
from grader.grading.earlier_runs import EarlierRuns
from grader.grading.results import Results
from grader.grading.score import not_graded
from grader.grading.summary import GradingSummary
from grader.grading.survey_record import Survey, read_survey, write_survey
from grader.intake.submissions import list_submissions, read_submission
from grader.machine import default_jobs
from grader.records import GradedSubmission, Limits, Submission

if TYPE_CHECKING:
    from grader.grading.workers import Task

Progress = Callable[[int, int], None]
Grades = Generator[GradedSubmission, None, None]
# (key, tasks, limits, *, known, on_survey), as `workers` has it
GradeAll = Callable[..., Iterator[GradedSubmission]]
NO_LIBRARY = "{name}, the answers of earlier chapters, is lent only where chapters/ lies beside source/"
NO_DASK = "{name} is not installed, which a cluster needs -- pip install 'nbgrader-judge[cluster]'"


def grade_assignment(
    course_dir: Path,
    assignment: str,
    *,
    students: str = "*",
    jobs: int | None = 1,
    force: bool = False,
    dry_run: bool = False,
    zygote: Zygote | None = None,
    limits: Limits | None = None,
    scheduler: str = "",
    on_progress: Progress | None = None,
    on_run: Callable[[Run], None] | None = None,
) -> GradingSummary:
    """Grade what was submitted by the students that match the glob `students`, or bear that very name.

    A submission whose fingerprint is on record is not run again unless `force`; so an interrupted grading
    goes on where it stopped. `jobs` of None are as many as processors and free memory allow. With `dry_run`
    nothing is written, only the changes are found. `zygote` need not be warm yet; where something is graded
    it is closed at the end. With the address of a `scheduler` the workers of a Dask cluster grade, instead.
    Raises CourseError, SandboxError, ClusterError, GradebookError; nothing a student did.
    """
    grading = _Grading(course_dir, assignment, limits, force, dry_run, zygote, scheduler)
    return grading.run(students, jobs, on_progress, on_run)


def _asks_for_library(key: AnswerKey) -> bool:
    cells = (cell for nb in key.notebooks.values() for cell in nb.cells if cell.cell_type == "code")
    name = key.library_name
    return (
        bool(name)
        and f"{name}.py" not in key.files
        and any(f"import {name}" in c.source or f"from {name} " in c.source for c in cells)
    )


class _Grading:
    """One call of grade_assignment: the course, its key, and what has been found so far."""

    def __init__(self, course_dir, assignment, limits, force, dry_run, zygote, scheduler):
        self._dir, self._force, self._zygote = Path(course_dir), force, zygote
        self._scheduler = scheduler
        self._unsafe = bool(zygote) and zygote.wanted == UNSAFE
        self._course = open_course(course_dir)
        self._key = load_key(self._course, assignment)
        self._limits = limits or self._course.limits
        self._summary = GradingSummary(assignment, dry_run, foreign=self._key.foreign)
        if self._key.whole and _asks_for_library(self._key):
            self._summary.notes.append(NO_LIBRARY.format(name=self._key.library_name))

    def run(self, students, jobs, on_progress, on_run) -> GradingSummary:
        started, advance = time.monotonic(), on_progress or (lambda done, total: None)
        names = self._names(students)
        with self._premises(), Gradebook(self._course, self._key, dry_run=self._summary.dry_run) as book:
            earlier = self._earlier()
            stale = self._stale(names, book, earlier)
            advance(len(names) - len(stale), len(names))
            if stale and not self._summary.dry_run:
                book.store_key(drop_manual=self._force)
            results = Results(self._course, self._key, book, self._summary, earlier)
            with closing(self._graded(stale, earlier, jobs)) as graded:  # ended at a signal, too
                for done, one in enumerate(graded, start=len(names) - len(stale) + 1):
                    results.keep(one)
                    if on_run:
                        on_run(self._summary.runs[-1])
                    advance(done, len(names))
            if not self._summary.dry_run:
                book.settle_lateness()
            self._summary.ledger = book.ledger()
        self._summary.runs.sort(key=lambda run: run.student)
        self._summary.seconds = time.monotonic() - started
        return self._summary

    def _names(self, students: str) -> list[str]:
        """Who handed in something, of those that match. Raises CourseError where that is nobody."""
        names = list_submissions(self._course, self._key.assignment, students)
        if not names:
            remedy = "put notebooks there, or run `grader collect`"
            problem = f"nobody who matches {students!r} handed in {self._key.assignment}"
            raise CourseError(problem, file=self._dir / "submitted", remedy=remedy)
        return names

    def _premises(self) -> AbstractContextManager:
        return nullcontext() if self._summary.dry_run else sole_grading(self._course)

    def _earlier(self) -> EarlierRuns:
        salt = salt_of(self._course, keep=not self._summary.dry_run)
        return EarlierRuns(self._course, self._key, self._limits, salt, unsafe=self._unsafe)

    def _stale(self, names: list[str], book: Gradebook, earlier: EarlierRuns) -> list[str]:
        """The students to grade; the others' runs go into the summary as they are."""
        recorded = {student for student, _, _ in book.before}
        stale = []
        for name in names:
            if run := earlier.final(name, recorded, self._force):
                self._summary.runs.append(run)
                self._summary.unchanged += 1
            else:
                stale.append(name)
        return stale

    def _graded(self, names: list[str], earlier: EarlierRuns, jobs: int | None) -> Grades:
        if names:
            failures: list[GradedSubmission] = []
            tasks = self._tasks(names, earlier, failures)
            known = None if self._force else read_survey(self._dir, self._key, self._limits)
            graders = self._cluster() if self._scheduler else self._processes(jobs, len(names))
            yield from graders(self._key, tasks, self._limits, known=known, on_survey=self._keep_survey)
            yield from failures

    def _processes(self, jobs: int | None, submissions: int) -> GradeAll:
        from grader.grading.workers import grade_all  # brings NumPy, for which nothing unchanged waits

        wanted = min(jobs or default_jobs(self._limits.memory_mb), submissions)
        return partial(grade_all, zygote=self._zygote or Zygote(), jobs=wanted)

    def _cluster(self) -> GradeAll:
        try:
            from grader.grading import cluster
        except ModuleNotFoundError as error:
            raise ClusterError(NO_DASK.format(name=error.name)) from error
        return partial(cluster.grade_all, self._scheduler, on_note=self._summary.notes.append)

    def _keep_survey(self, found: Survey) -> None:
        self._summary.survey = found
        if not self._summary.dry_run:
            write_survey(self._dir, self._key, self._limits, found)

    def _tasks(
        self, names: list[str], earlier: EarlierRuns, failures: list[GradedSubmission]
    ) -> Iterator[Task]:
        """What to grade; whoever's folder cannot be read joins `failures` and stops nobody else."""
        for student in names:
            try:
                submission = read_submission(self._course, self._key.assignment, student)
                yield submission, earlier.seed(student), earlier.of(student)
            except Exception as error:
                nothing = Submission(student, self._key.assignment, None, {})
                reason = f"cannot be read: {type(error).__name__}: {error}"[:300]
                failures.append(not_graded(self._key, nothing, reason))
