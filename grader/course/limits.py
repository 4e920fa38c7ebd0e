"""What a submission may use, as the course's configuration says it in nbgrader's words or in ours."""

from __future__ import annotations

import contextlib
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from nbformat.v4 import new_code_cell
from traitlets.config import Config

from grader.errors import CourseError
from grader.records import Limits

ALLOWANCE = 1.25  # what a busy machine and the wire may add to the time that a course grants a cell
EXECUTORS = ("Execute", "ExecutePreprocessor", "NotebookClient")  # the most particular name first
STOCK_SECONDS = 30.0  # what nbgrader grants a cell where the course says nothing
ENDLESS_SECONDS = 1800.0  # where the course grants a cell all the time it takes
CELLS = 6  # a notebook may take as long as so many cells


def limits_of(config: Config, *, chapters: bool, file: Path) -> Limits:
    """`c.Grader.memory_mb` and so on, named as in `Limits`; the time of a cell also by nbgrader's `timeout`.

    chapters: whether the course is written in them; to all others a cell has as long as in nbgrader.
    Raises CourseError, with `file`, for a value that is no limit.
    """
    own = config.Grader if "Grader" in config else {}
    given = {f.name: _limit(f.name, own[f.name], file) for f in fields(Limits) if f.name in own}
    seconds = _stock_seconds(config) or (None if chapters else STOCK_SECONDS)
    cell_seconds = given.get("cell_seconds") or (ALLOWANCE * seconds if seconds else Limits.cell_seconds)
    notebook_seconds = max(Limits.notebook_seconds, CELLS * cell_seconds)
    usual = Limits(cell_seconds=cell_seconds, notebook_seconds=notebook_seconds)
    return replace(usual, **given)  # type: ignore[arg-type]


def _stock_seconds(config: Config) -> float | None:
    """What nbgrader itself would grant a cell; None where the course does not say."""
    function = _trait(config, "timeout_func")
    if callable(function):
        with contextlib.suppress(Exception):  # it wants a cell of the notebook: the plain setting then
            return _seconds(function(new_code_cell()))
    seconds = _trait(config, "timeout")
    return None if seconds is _UNSET else _seconds(seconds)


_UNSET: Any = object()


def _trait(config: Config, name: str) -> Any:
    found = (
        config[executor][name] for executor in EXECUTORS if executor in config and name in config[executor]
    )
    return next(found, _UNSET)


def _seconds(value: Any) -> float:
    """For nbgrader None, 0 and numbers below mean: as long as it takes."""
    limited = isinstance(value, int | float) and not isinstance(value, bool) and value > 0
    return float(value) if limited else ENDLESS_SECONDS


def _limit(name: str, value: Any, file: Path) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        problem, remedy = f"c.Grader.{name} is {value!r}", "give a number above 0"
        raise CourseError(problem, file=file, remedy=remedy)
    return type(getattr(Limits(), name))(value)
