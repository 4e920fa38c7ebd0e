"""nbgrader's gradebook: the only automated writer of gradebook.db.

One session for a whole run and one transaction for each submission, where nbgrader opens the database
nine times and commits thirty-two. The rows are those that `nbgrader autograde` would have written.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from grader.books import database
from grader.books.assignment_rows import store_key
from grader.books.database import connect, database_errors, database_file, writing
from grader.books.database_log import logged_ahead
from grader.books.lateness import has_policy, reasons, set_deadlines, settle
from grader.books.ledger import Ledger
from grader.books.submission_rows import record
from grader.errors import GradebookError
from grader.records import AnswerKey, GradedSubmission

if TYPE_CHECKING:
    from grader.course.directory import Course

PAUSE_SECONDS = 1.0  # before a server that is away is asked again


@dataclass(frozen=True)
class GradeChange:
    """A grade that a run changed; `before` is None where there was none, `manual` outweighs both."""

    student: str
    notebook: str
    grade_id: str
    before: float | None
    after: float | None
    manual: float | None = None


class Gradebook:
    """An open gradebook and the key of one assignment; use it as a context manager.

    Raises GradebookError when the database stays locked, is damaged, or has another schema.
    """

    def __init__(self, course: Course, key: AnswerKey, *, dry_run=False):
        self._course, self._key, self._dry_run = course, key, dry_run
        self._open = ExitStack()

    def __enter__(self) -> Gradebook:
        with database_errors(self._course):
            self._engine = connect(self._course.db_url, read_only=self._dry_run)
            self._session = Session(self._engine, expire_on_commit=False)
            if not self._dry_run:
                self._open.enter_context(logged_ahead(self._engine))
        return self

    def __exit__(self, *_) -> None:
        self._session.close()
        self._open.close()
        self._engine.dispose()

    def store_key(self, *, drop_manual=False) -> None:
        """Bring the assignment's notebooks and cells into line with the key."""

        def store() -> None:
            store_key(self._session, self._key, self._course.nbgrader.course_id, drop_manual=drop_manual)
            set_deadlines(self._session, self._course, self._key.assignment)

        self._write(store)

    def settle_lateness(self) -> None:
        """Take up due dates and extensions that changed, and set all late penalties by them."""
        self._write(lambda: settle(self._session, self._course, self._key.assignment))

    def changes(self, graded: GradedSubmission) -> tuple[GradeChange, ...]:
        """What recording `graded` changes in the grades `before`, new grades included. Reads only."""
        student, changed = graded.submission.student, []
        for notebook, scores in graded.scores.items():
            for score in scores:
                old = self.before.get((student, notebook, score.grade_id))
                before, manual = old or (None, None)
                if old is None or before != score.auto_score:
                    changed.append(
                        GradeChange(student, notebook, score.grade_id, before, score.auto_score, manual)
                    )
        return tuple(changed)

    @cached_property
    def before(self) -> Mapping[tuple, tuple]:
        """The grades of the assignment when they were first looked at."""
        return self.grades(self._key.assignment)

    def grades(self, assignment: str) -> Mapping[tuple, tuple]:
        """(student, notebook, grade_id) -> (auto_score, score given by hand with its extra credit)."""
        query = cells_of(assignment, Grade).add_columns(
            Grade.auto_score, Grade.manual_score, Grade.extra_credit
        )
        return {tuple(row[:3]): (row[3], _by_hand(*row[4:])) for row in self._all(query)}

    def ledger(self) -> Ledger:
        """What humans and the late-penalty plug-in have put into the assignment's grades."""
        name = self._key.assignment
        manual = {place: points for place, (_, points) in self.grades(name).items() if points is not None}
        unread = self._all(cells_of(name, Grade).where(Grade.needs_manual_grade))
        with database_errors(self._course), self._session.begin():
            why = dict(reasons(self._session, self._course, name))
        return Ledger(manual, self.comments(name), self.penalties(name), why, frozenset(map(tuple, unread)))

    def comments(self, assignment: str) -> Mapping[tuple, str]:
        """(student, notebook, grade_id) -> the comment, a human's before the automatic one."""
        query = cells_of(assignment, Comment).add_columns(Comment.comment)
        return {tuple(row[:3]): row[3] for row in self._all(query) if row[3]}

    def penalties(self, assignment: str) -> Mapping[tuple, float]:
        """(student, notebook) -> points that nbgrader's plug-in took off for being late."""
        query = (
            select(SubmittedAssignment.student_id, Notebook.name, SubmittedNotebook.late_submission_penalty)
            .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .where(Assignment.name == assignment)
        )
        return {tuple(row[:2]): row[2] for row in self._all(query) if row[2]}

    def _all(self, query: Select) -> list:
        with database_errors(self._course), self._session.begin():
            return list(self._session.execute(query))

    def record(self, graded: GradedSubmission) -> None:
        """Write one submission's grades; manual scores and comments stay as they are."""
        self._write(lambda: record(self._session, self._course, self._key, graded))

    def _write(self, rows: Callable[[], None]) -> None:
        """One transaction; again, for up to LOCK_SECONDS, while the database's server is away."""
        until = time.monotonic() + database.LOCK_SECONDS
        while True:
            try:
                with database_errors(self._course), self._session.begin():
                    return rows()
            except GradebookError as error:
                if not database.is_away(error.__cause__) or time.monotonic() > until:
                    raise
            time.sleep(PAUSE_SECONDS)


def read_ledger(course: Course, assignment: str) -> Ledger:
    """What the gradebook adds to the records of an assignment, its late penalties settled first."""
    settle_lateness(course, assignment)
    with Gradebook(course, AnswerKey(assignment, {}, {}, ""), dry_run=True) as book:
        return book.ledger()


def settle_lateness(course: Course, assignment: str) -> None:
    """Before marks are read: a date, or a score from formgrader, may have changed what lateness costs."""
    file = database_file(course.db_url)
    if has_policy(course) and (file is None or file.is_file()):
        with writing(course) as session:
            settle(session, course, assignment)


def cells_of(assignment: str, kind: Any) -> Select:
    """Student, notebook and grade_id of each row of `kind` (Grade or Comment) of an assignment."""
    return (
        select(SubmittedAssignment.student_id, Notebook.name, BaseCell.name)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(kind, kind.notebook_id == SubmittedNotebook.id)
        .join(BaseCell, BaseCell.id == kind.cell_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(Assignment.name == assignment)
    )


def _by_hand(manual: float | None, extra: float | None) -> float | None:
    return None if manual is None else manual + (extra or 0.0)
