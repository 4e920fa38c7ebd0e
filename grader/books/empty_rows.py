"""The rows of each notebook and cell that nbgrader keeps for every submission, still without a score."""

from __future__ import annotations

from functools import cache
from typing import Any

from nbgrader.api import (
    BaseCell,
    Comment,
    Grade,
    GradeCell,
    Notebook,
    SolutionCell,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from sqlalchemy import Connection, Select, bindparam, exists, insert, select

_SUBMITTED, _PART, _NOTEBOOK, _CELL = (
    kind.__table__ for kind in (SubmittedAssignment, SubmittedNotebook, Notebook, BaseCell)
)


def add_empty_rows(rows: Connection, column: str, value: str) -> None:
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
