"""nbgrader's gradebook: the only automated writer of gradebook.db.

One session for a whole run and one transaction for each submission, where nbgrader opens the database
nine times and commits thirty-two. The rows are those that `nbgrader autograde` would have written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Notebook,
    SolutionCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import parse_utc
from sqlalchemy import Select, select
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError
from sqlalchemy.orm import Session

from .database import connect
from .errors import GradebookError
from .records import AnswerKey, CellScore, Execution, Graded
from .score import find_cell, unanswered
from .structure import mirror, store_key

NO_RESPONSE = "No response."  # nbgrader's words


@dataclass(frozen=True)
class Change:
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

    def __init__(self, course: CourseDirectory, key: AnswerKey, *, dry_run=False):
        self._course, self._key, self._dry_run = course, key, dry_run

    def __enter__(self) -> Gradebook:
        with _explained(self._course):
            self._engine = connect(self._course.db_url, read_only=self._dry_run)
            self._session = Session(self._engine, expire_on_commit=False)
        return self

    def __exit__(self, *_) -> None:
        self._session.close()
        self._engine.dispose()

    def store_key(self, *, drop_manual=False) -> None:
        """Bring the assignment's notebooks and cells into line with the key."""
        with _explained(self._course), self._session.begin():
            store_key(self._session, self._key, self._course.course_id, drop_manual=drop_manual)

    def changes(self, graded: Graded) -> tuple[Change, ...]:
        """What recording `graded` would change, new grades included. Reads only."""
        student, assignment = graded.submission.student, self._key.assignment
        known = self.grades(assignment, student)
        changed = []
        for notebook, scores in graded.scores.items():
            for score in scores:
                old = known.get((student, notebook, score.grade_id))
                before, manual = old or (None, None)
                if old is None or before != score.auto_score:
                    changed.append(
                        Change(student, notebook, score.grade_id, before, score.auto_score, manual)
                    )
        return tuple(changed)

    def grades(self, assignment: str, student: str | None = None) -> Mapping[tuple, tuple]:
        """(student, notebook, grade_id) -> (auto_score, score given by hand with its extra credit)."""
        query = _cells_of(assignment, Grade).add_columns(
            Grade.auto_score, Grade.manual_score, Grade.extra_credit
        )
        if student is not None:
            query = query.where(SubmittedAssignment.student_id == student)
        return {tuple(row[:3]): (row[3], _by_hand(*row[4:])) for row in self._all(query)}

    def comments(self, assignment: str) -> Mapping[tuple, str]:
        """(student, notebook, grade_id) -> the comment, a human's before the automatic one."""
        query = _cells_of(assignment, Comment).add_columns(Comment.comment)
        return {tuple(row[:3]): row[3] for row in self._all(query) if row[3]}

    def _all(self, query: Select) -> list:
        with _explained(self._course), self._session.begin():
            return list(self._session.execute(query))

    def record(self, graded: Graded) -> None:
        """Write one submission's grades; manual scores and comments stay as they are."""
        with _explained(self._course), self._session.begin():
            submission = self._submission(graded)
            for row, name in self._session.execute(_notebooks_of(submission)).all():
                if name in graded.scores:
                    self._record_scores(row, graded.scores[name])
                    self._record_comments(row, name, graded.executions.get(name))
            self._session.flush()
            self._late_penalties(submission)

    def _submission(self, graded: Graded) -> SubmittedAssignment:
        """The submission's row with all rows below it, made where missing."""
        student, session = graded.submission.student, self._session
        if session.get(Student, student) is None:
            session.add(Student(id=student))
        assignment = session.scalars(select(Assignment).filter_by(name=self._key.assignment)).one()
        where = {"assignment_id": assignment.id, "student_id": student}
        row = session.scalars(select(SubmittedAssignment).filter_by(**where)).one_or_none()
        if row is None:
            row = SubmittedAssignment(**where)
            session.add(row)
        if graded.submission.submitted_at is not None:
            row.timestamp = parse_utc(graded.submission.submitted_at)
        session.flush()
        mirror(session, SubmittedAssignment.id == row.id)
        return row

    def _record_scores(self, notebook: SubmittedNotebook, scores: tuple[CellScore, ...]) -> None:
        query = select(BaseCell.name, Grade).join(BaseCell, BaseCell.id == Grade.cell_id)
        rows = dict(self._session.execute(query.where(Grade.notebook_id == notebook.id)).all())
        for score in scores:
            grade = rows[score.grade_id]
            grade.auto_score = score.auto_score
            # a grade given by hand is kept, but somebody should look at it again
            grade.needs_manual_grade = score.needs_manual_grade or grade.manual_score is not None

    def _record_comments(self, notebook: SubmittedNotebook, name: str, execution: Execution | None) -> None:
        answered = execution.notebook if execution else None
        query = select(BaseCell.name, Comment).join(SolutionCell, SolutionCell.id == Comment.cell_id)
        for grade_id, comment in self._session.execute(query.where(Comment.notebook_id == notebook.id)):
            cell = find_cell(self._key.unsolved[name], grade_id)
            empty = answered is not None and unanswered(cell, answered)
            comment.auto_comment = NO_RESPONSE if empty else None

    def _late_penalties(self, submission: SubmittedAssignment) -> None:
        """As nbgrader's AssignLatePenalties: the course's plug-in decides, from 0 to the score."""
        late, plugin = submission.total_seconds_late, None
        for notebook, _ in self._session.execute(_notebooks_of(submission)).all():
            notebook.late_submission_penalty = None
            if late > 0:
                plugin = plugin or AssignLatePenalties(config=self._course.config)
                plugin.init_plugin()
                self._session.refresh(notebook, ["score"])
                asked = plugin.plugin_inst.late_submission_penalty(
                    submission.student_id, notebook.score, late
                )
                notebook.late_submission_penalty = asked and min(max(asked, 0), notebook.score)


def _notebooks_of(submission: SubmittedAssignment):
    return (
        select(SubmittedNotebook, Notebook.name)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .where(SubmittedNotebook.assignment_id == submission.id)
    )


def _cells_of(assignment: str, kind: type) -> Select:
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


@contextmanager
def _explained(course: CourseDirectory) -> Iterator[None]:
    """Turn what the database says into one line for the staff."""
    try:
        yield
    except (DataError, IntegrityError):
        raise  # one submission's fault, not the database's
    except DatabaseError as error:
        place = Path(course.db_url.removeprefix("sqlite:///")).name
        reason = str(error.orig).splitlines()[0]
        remedy = (
            "close what holds it (formgrader, another run)"
            if "lock" in reason
            else "restore a copy of it, or move it away and grade anew"
        )
        raise GradebookError(f"{place}: {reason} -- {remedy}") from error
