"""How a test cell that ran in this process failed: the exception, and the line of the cell that raised it."""

from __future__ import annotations

import traceback
from typing import Any

from grader.engine.wire.capturing_shell import message_of


def failure(result: Any, names: dict[str, Any]) -> tuple[list[str], str, int] | None:
    """(class names, message, line of the cell or 0) of IPython's ExecutionResult; None for none."""
    error = result.error_before_exec or result.error_in_exec
    if error is None:
        return None
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_globals is names]
    line = lines[0] if lines else getattr(error, "lineno", 0)
    kinds = [kind.__name__[:200] for kind in type(error).__mro__]
    return kinds, message_of(error), line if type(line) is int else 0
