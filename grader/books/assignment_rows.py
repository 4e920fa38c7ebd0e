"""Brings an assignment's rows in nbgrader's gradebook into line with its key, submissions or not."""

from __future__ import annotations

import json
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Course,
    Grade,
    GradeCell,
    Notebook,
    SolutionCell,
    SourceCell,
    SubmittedNotebook,
    TaskCell,
    new_uuid,
)
from nbgrader.utils import is_grade, is_locked, is_solution, is_task
from sqlalchemy import Select, delete, func, or_, select
from sqlalchemy.orm import Session

from grader.answer_key import AnswerKey
from grader.books.empty_rows import add_empty_rows
from grader.errors import GradebookError

CELLS = (GradeCell, SolutionCell, TaskCell, SourceCell)


def store_key(session: Session, key: AnswerKey, course_id: str, *, drop_manual: bool = False) -> Assignment:
    """Add, change and remove the assignment's notebooks and cells until they are those of `key`.

    Grades of cells that stay are kept. A cell with manual grades or comments goes only with
    `drop_manual`; otherwise GradebookError.
    """
    assignment = _assignment(session, key.assignment, course_id)
    notebooks = {row.name: row for row in session.scalars(_of(Notebook, assignment_id=assignment.id))}
    for name in set(notebooks) - set(key.unsolved):
        _remove_notebook(session, notebooks[name], drop_manual)
    for name, nb in key.unsolved.items():
        row = notebooks.get(name) or _add(session, Notebook, name=name, assignment_id=assignment.id)
        row.kernelspec = json.dumps(nb.metadata.get("kernelspec", {}))
        for kind in CELLS:
            _store_cells(session, row, kind, _cells(nb, kind), drop_manual)
    session.flush()
    add_empty_rows(session.connection(), "assignment_id", assignment.id)
    return assignment


def _assignment(session: Session, name: str, course_id: str) -> Assignment:
    if session.get(Course, course_id) is None:
        session.add(Course(id=course_id))
    assignment = session.scalars(_of(Assignment, name=name)).one_or_none()
    return assignment or _add(session, Assignment, name=name, course_id=course_id)


def _cells(nb: NotebookNode, kind: Any) -> dict[str, dict]:
    """name -> columns of the rows of one kind, as nbgrader's SaveCells stores them."""
    wanted = {}
    for cell in nb.cells:
        belongs = {GradeCell: is_grade(cell), SolutionCell: is_solution(cell), TaskCell: is_task(cell)}
        if belongs.get(kind, any(belongs.values()) or is_locked(cell)):
            wanted[cell.metadata.nbgrader.grade_id] = _columns(cell, kind)
    return wanted


def _columns(cell: NotebookNode, kind: Any) -> dict:
    if kind is SolutionCell:
        return {}
    if kind is not SourceCell:
        return {"max_score": float(cell.metadata.nbgrader.points), "cell_type": cell.cell_type}
    checksum = cell.metadata.nbgrader.get("checksum")
    return {
        "cell_type": cell.cell_type,
        "locked": is_locked(cell),
        "source": cell.source,
        "checksum": checksum,
    }


def _store_cells(session: Session, notebook: Notebook, kind: Any, wanted: dict, drop_manual: bool) -> None:
    have = {row.name: row for row in session.scalars(_of(kind, notebook_id=notebook.id))}
    for name in set(have) - set(wanted):
        _remove_cell(session, have[name], drop_manual)
    for name, columns in wanted.items():
        row = have.get(name) or _add(session, kind, name=name, notebook_id=notebook.id, **columns)
        for column, value in columns.items():
            if getattr(row, column) != value:
                setattr(row, column, value)


def _remove_notebook(session: Session, notebook: Notebook, drop_manual: bool) -> None:
    for kind in CELLS:
        _store_cells(session, notebook, kind, {}, drop_manual)
    session.flush()
    session.execute(delete(SubmittedNotebook).where(SubmittedNotebook.notebook_id == notebook.id))
    session.delete(notebook)


def _remove_cell(session: Session, cell: Any, drop_manual: bool) -> None:
    if isinstance(cell, BaseCell):
        if not drop_manual:
            _refuse_to_lose(session, cell)
        session.execute(delete(Grade).where(Grade.cell_id == cell.id))
        session.execute(delete(Comment).where(Comment.cell_id == cell.id))
    session.delete(cell)


def _refuse_to_lose(session: Session, cell: BaseCell) -> None:
    by_hand = or_(Grade.manual_score.is_not(None), Grade.extra_credit.is_not(None))
    graded = select(func.count()).where(Grade.cell_id == cell.id, by_hand)
    said = select(func.count()).where(Comment.cell_id == cell.id, Comment.manual_comment.is_not(None))
    count = session.execute(graded).scalar_one() + session.execute(said).scalar_one()
    if count:
        problem = f"{cell.name} is gone from the assignment but holds {count} manual grades or comments"
        raise GradebookError(f"{problem} -- put the cell back, or drop them with --force")


def _of(kind: Any, **where: Any) -> Select:
    return select(kind).filter_by(**where)


def _add(session: Session, kind: Any, **columns: Any) -> Any:
    row = kind(**columns)
    row.id = new_uuid()
    session.add(row)
    return row
