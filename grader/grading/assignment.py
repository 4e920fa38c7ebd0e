"""Grading an assignment: which submissions need it, who does it, what is recorded."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from grader.books.gradebook import Gradebook
from grader.books.premises import sole_grading
from grader.books.runs import Run
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.course.library import lacks_library
from grader.course.salt import salt_of
from grader.engine.sandbox.zygote import Zygote
from grader.grading.earlier_runs import EarlierRuns
from grader.grading.graders import Graders, Wait
from grader.grading.results import Results
from grader.grading.summary import GradingSummary
from grader.grading.survey_record import Survey, read_survey, write_survey
from grader.grading.tasks import students_of, tasks_of
from grader.records import GradedSubmission, Limits

if TYPE_CHECKING:
    from grader.engine.judge.client import Judges

Progress = Callable[[int, int], None]
Grades = Generator[GradedSubmission, None, None]
NO_LIBRARY = "{name}, the answers of earlier chapters, is lent only where chapters/ lies beside source/"


def grade_assignment(
    course_dir: Path,
    assignment: str,
    *,
    students: str = "*",
    jobs: int | None = 1,
    force: bool = False,
    dry_run: bool = False,
    zygote: Zygote | None = None,
    judges: Judges | None = None,
    limits: Limits | None = None,
    scheduler: str = "",
    on_progress: Progress | None = None,
    on_run: Callable[[Run], None] | None = None,
    on_wait: Wait = lambda student, seconds: None,
) -> GradingSummary:
    """Grade what was submitted by the students that match the glob `students`, or bear that very name.

    A submission whose fingerprint is on record is not run again unless `force`; so an interrupted grading
    goes on where it stopped. `jobs` of None are as many as processors and free memory allow. With `dry_run`
    nothing is written, only the changes are found. `zygote` need not be warm yet, and `judges` are of use if
    they have the course's key; where something is graded both are closed at the end. With the address of a
    `scheduler` the workers of a Dask cluster grade, instead. `on_wait` hears now and then who has been graded
    for the longest time, and for how many seconds.
    Raises CourseError, SandboxError, ClusterError, GradebookError; nothing a student did.
    """
    graders = Graders(zygote, judges, jobs, scheduler)
    grading = _Grading(course_dir, assignment, graders, limits, force=force, dry_run=dry_run)
    told = on_progress or (lambda done, total: None), on_run or (lambda run: None), on_wait
    return grading.run(students, *told)


class _Grading:
    """One call of grade_assignment: the course, its key, and what has been found so far."""

    def __init__(
        self,
        course_dir: Path,
        assignment: str,
        graders: Graders,
        limits: Limits | None,
        *,
        force: bool,
        dry_run: bool,
    ):
        self._dir, self._graders, self._force = Path(course_dir), graders, force
        self._course = open_course(course_dir)
        self._key = load_key(self._course, assignment)
        self._limits = limits or self._course.limits
        self._summary = GradingSummary(assignment, dry_run, foreign=self._key.foreign)
        if lacks_library(self._key):
            self._summary.notes.append(NO_LIBRARY.format(name=self._key.library_name))

    def run(
        self, students: str, on_progress: Progress, on_run: Callable[[Run], None], on_wait: Wait
    ) -> GradingSummary:
        started = time.monotonic()
        names = students_of(self._course, self._key.assignment, students)
        with self._premises(), Gradebook(self._course, self._key, dry_run=self._summary.dry_run) as book:
            earlier = self._earlier()
            stale = self._stale(names, book, earlier)
            on_progress(len(names) - len(stale), len(names))
            if stale and not self._summary.dry_run:
                book.store_key(drop_manual=self._force)
            results = Results(self._course, self._key, book, self._summary, earlier)
            with closing(self._graded(stale, earlier, on_wait)) as graded:  # ended at a signal, too
                for done, one in enumerate(graded, start=len(names) - len(stale) + 1):
                    results.keep(one)
                    on_run(self._summary.runs[-1])
                    on_progress(done, len(names))
            if not self._summary.dry_run:
                book.settle_lateness()
            self._summary.ledger = book.ledger()
        self._summary.runs.sort(key=lambda run: run.student)
        self._summary.seconds = time.monotonic() - started
        return self._summary

    def _premises(self) -> AbstractContextManager:
        return nullcontext() if self._summary.dry_run else sole_grading(self._course)

    def _earlier(self) -> EarlierRuns:
        salt = salt_of(self._course, keep=not self._summary.dry_run)
        return EarlierRuns(self._course, self._key, self._limits, salt, unsafe=self._graders.are_unsafe)

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

    def _graded(self, names: list[str], earlier: EarlierRuns, on_wait: Wait) -> Grades:
        if names:
            failures: list[GradedSubmission] = []
            tasks = tasks_of(self._course, self._key, names, earlier, failures)
            known = None if self._force else read_survey(self._dir, self._key, self._limits)
            memory, on_note = self._limits.memory_mb, self._summary.notes.append
            grade_all = self._graders.assemble(len(names), memory, on_note)
            keep = self._keep_survey
            yield from grade_all(self._key, tasks, self._limits, known=known, on_survey=keep, on_wait=on_wait)
            yield from failures

    def _keep_survey(self, found: Survey) -> None:
        self._summary.survey = found
        if not self._summary.dry_run:
            write_survey(self._dir, self._key, self._limits, found)
