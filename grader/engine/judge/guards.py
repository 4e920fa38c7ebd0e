"""Test idioms that seem to work in the judge but cannot reach the student's process say so instead."""

from __future__ import annotations

import sys
from typing import Any
from unittest import mock

from grader.engine.judge.student_errors import CannotCross
from grader.engine.judge.students_text import show_sources


def guard_idioms() -> None:
    """In the judge: refuse mock.patch, and plt.gca() or plt.gcf() without a figure of the test's."""
    mock._patch.__enter__ = _refuse_patch  # type: ignore[method-assign, assignment]
    show_sources()
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot:
        for name in ("gca", "gcf"):
            setattr(pyplot, name, _guarded(pyplot, getattr(pyplot, name)))


def close_figures() -> None:
    """Let no figure of one test cell be the current one in the next."""
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")


def _refuse_patch(_patch: Any) -> None:
    raise CannotCross("mock.patch does not reach the student's process; hand the function what it needs")


def _guarded(pyplot: Any, function: Any) -> Any:
    def current():
        asked_by = sys._getframe(1).f_globals.get("__name__")
        if asked_by != pyplot.__name__ and not pyplot.get_fignums():
            name = f"plt.{function.__name__}()"
            raise CannotCross(
                f"{name} in a test sees the test's figures alone; let the answer return its axes"
            )
        return function()

    return current


def reassigned(bound: dict[str, Any], names: dict[str, Any]) -> str:
    """A note for the author on names of the student's that the test gave values of its own; or nothing."""
    changed = sorted(name for name, value in bound.items() if names.get(name) is not value)
    return f"; the test gives {', '.join(changed)} a value that student code does not see" if changed else ""
