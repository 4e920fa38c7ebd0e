"""nbgrader's gradebook: the only automated writer of gradebook.db.

One session for a whole run and one transaction for each submission, where nbgrader opens the database
nine times and commits thirty-two. The rows are those that `nbgrader autograde` would have written.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from grader.answer_key import AnswerKey
from grader.books import cell_rows, database
from grader.books.assignment_rows import store_key
from grader.books.cell_rows import Scores
from grader.books.database import connect, database_errors, database_file, writing
from grader.books.database_log import logged_ahead
from grader.books.grade_change import GradeChange, grade_changes
from grader.books.lateness import has_policy, reasons, set_deadlines, settle
from grader.books.ledger import CellAddress, Ledger
from grader.books.submission_rows import record
from grader.errors import GradebookError
from grader.records import GradedSubmission

if TYPE_CHECKING:
    from grader.course.directory import Course

PAUSE_SECONDS = 1.0  # before a server that is away is asked again


class Gradebook:
    """An open gradebook and the key of one assignment; use it as a context manager.

    Raises GradebookError when the database stays locked, is damaged, or has another schema.
    """

    def __init__(self, course: Course, key: AnswerKey, *, dry_run: bool = False):
        self._course, self._key, self._dry_run = course, key, dry_run
        self._open = ExitStack()

    def __enter__(self) -> Gradebook:
        with database_errors(self._course):
            self._engine = connect(self._course.db_url, read_only=self._dry_run)
            self._session = Session(self._engine, expire_on_commit=False)
            if not self._dry_run:
                self._open.enter_context(logged_ahead(self._engine))
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()
        self._open.close()
        self._engine.dispose()

    def store_key(self, *, drop_manual: bool = False) -> None:
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
        return grade_changes(self.before, graded)

    @cached_property
    def before(self) -> Mapping[CellAddress, Scores]:
        """The grades of the assignment when they were first looked at."""
        return self.grades(self._key.assignment)

    def grades(self, assignment: str) -> Mapping[CellAddress, Scores]:
        """The scores that stand there."""
        with database_errors(self._course), self._session.begin():
            return cell_rows.grades(self._session, assignment)

    def ledger(self) -> Ledger:
        """What humans and the late-penalty plug-in have put into the assignment's grades."""
        name, session = self._key.assignment, self._session
        with database_errors(self._course), session.begin():
            return Ledger(
                cell_rows.by_hand(session, name),
                cell_rows.comments(session, name),
                cell_rows.penalties(session, name),
                dict(reasons(session, self._course, name)),
                cell_rows.unread(session, name),
            )

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
