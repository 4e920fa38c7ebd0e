"""What a test cell shows of its checks: a course's `Grade` writes it, the engine reads it.

Under `MIME` a list of rows: label, line (of the check, in its cell), points, max, message, nudge (the
question about a hidden check that failed), ask (that about a visible one). The message of a check that met an
exercise nobody has begun is `NOT_STARTED`. A test that cannot run on a machine raises an exception of the
name `NOT_GRADED`, which need be no class of ours.
"""

from __future__ import annotations

from collections.abc import Callable

MIME = "application/vnd.nbgrader-judge.grade+json"
NOT_GRADED = "NotGraded"
NOT_STARTED = "not started"

on_row: list[Callable[[str, str], None]] = []
"""Called with label and message of each check that fails, while the engine compares; it may end the cell."""
