"""The instructor's plain statements, as the judge runs them before a test."""

from __future__ import annotations

from types import CodeType
from typing import Any

from grader.engine.judge.student_errors import ENDS


def run_plain(step: CodeType, names: dict[str, Any]) -> None:
    """Run statements of a plain cell; where they fail, a test will miss what is not there."""
    try:
        exec(step, names)
    except ENDS:
        raise
    except BaseException:
        return
