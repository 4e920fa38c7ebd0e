"""Brings an assignment's rows in nbgrader's gradebook into line with its key, submissions or not."""

from __future__ import annotations

import json
from functools import cache
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
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
    new_uuid,
)
from nbgrader.utils import is_grade, is_locked, is_solution, is_task
from sqlalchemy import Connection, Select, bindparam, delete, exists, func, insert, or_, select
from sqlalchemy.orm import Session

from grader.errors import GradebookError
from grader.records import AnswerKey

CELLS = (GradeCell, SolutionCell, TaskCell, SourceCell)
_SUBMITTED, _PART, _NOTEBOOK, _CELL = (
    kind.__table__ for kind in (SubmittedAssignment, SubmittedNotebook, Notebook, BaseCell)
)


def store_key(session: Session, key: AnswerKey, course_id: str, *, drop_manual=False) -> Assignment:
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
    mirror(session.connection(), "assignment_id", assignment.id)
    return assignment


def mirror(rows: Connection, column: str, value: str) -> None:
    """Give submissions all rows that their assignment asks for and they lack.

    column: "id" for the submission with the id `value`, "assignment_id" for all of an assignment.
    """
    _insert(rows, _PART, ("assignment_id", "notebook_id"), _lacking_notebooks(column), value)
    for kind in (Grade, Comment):
        _insert(rows, kind.__table__, ("notebook_id", "cell_id"), _lacking_cells(kind, column), value)


@cache
def _lacking_notebooks(column: str) -> Select:
    has_it = exists().where(_PART.c.assignment_id == _SUBMITTED.c.id, _PART.c.notebook_id == _NOTEBOOK.c.id)
    same = _NOTEBOOK.c.assignment_id == _SUBMITTED.c.assignment_id
    which = _SUBMITTED.c[column] == bindparam("value")
    query = select(_SUBMITTED.c.id, _NOTEBOOK.c.id).select_from(_SUBMITTED)
    return query.join(_NOTEBOOK, same).where(which, ~has_it)


@cache
def _lacking_cells(kind: Any, column: str) -> Select:
    """The cells that ask for a row of `kind` (Grade or Comment)."""
    cells = [(GradeCell if kind is Grade else SolutionCell).__name__, TaskCell.__name__]
    table = kind.__table__
    has_it = exists().where(table.c.notebook_id == _PART.c.id, table.c.cell_id == _CELL.c.id)
    which = _SUBMITTED.c[column] == bindparam("value")
    return (
        select(_PART.c.id, _CELL.c.id)
        .select_from(_PART)
        .join(_SUBMITTED, _PART.c.assignment_id == _SUBMITTED.c.id)
        .join(_CELL, _CELL.c.notebook_id == _PART.c.notebook_id)
        .where(which, ~has_it, _CELL.c.type.in_(cells))
    )


def _insert(rows: Connection, table: Any, columns: tuple[str, str], lacking: Select, value: str) -> None:
    """Add a row to `table` for each that is lacking."""
    found = [dict(zip(columns, row, strict=True)) for row in rows.execute(lacking, {"value": value})]
    if found:
        rows.execute(insert(table), found)


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


def _remove_cell(session: Session, cell, drop_manual: bool) -> None:
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


def _of(kind: Any, **where):
    return select(kind).filter_by(**where)


def _add(session: Session, kind: Any, **columns):
    row = kind(**columns)
    row.id = new_uuid()
    session.add(row)
    return row
