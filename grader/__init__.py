"""Grades notebooks: student code runs in a sandbox, the tests run where it cannot reach them.

    from grader import Limits, grade_assignment

    summary = grade_assignment(Path("course"), "ps1", jobs=2)

`execute` runs one notebook alone. Nothing is imported before it is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.engine.execute import execute
    from grader.errors import GraderError
    from grader.grading.assignment import grade_assignment
    from grader.records import Limits, Status

__all__ = ["GraderError", "Limits", "Status", "execute", "grade_assignment"]

_HOMES = {
    "execute": "grader.engine.execute",
    "GraderError": "grader.errors",
    "grade_assignment": "grader.grading.assignment",
    "Limits": "grader.records",
    "Status": "grader.records",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
