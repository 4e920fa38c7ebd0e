"""Stand-ins for an answer: they bind its names and take anything, and all of them do the same when called."""

from __future__ import annotations

import re

from grader.course.chapter import Chapter
from grader.notebook.names import defined

NOTHING = "return None"
FUNCTION = """def {0}(*args, **kwargs):
    {1}
"""
CLASS = """class {0}:
    def __init__(self, *args, **kwargs):
        pass

    def __getattr__(self, name):
        def method(*args, **kwargs):
            {1}
        return method
"""


def empty_answers(chapter: Chapter) -> dict[str, str]:
    """exercise -> an answer that defines its names and does nothing"""
    return {exercise: stand_ins(cell.source, NOTHING) for exercise, cell in chapter.exercises.items()}


def stand_ins(source: str, body: str) -> str:
    """The functions, classes and values that `source` defines; what is called runs the line `body`."""
    names = defined(source, imports=False)
    return "".join((CLASS if _is_class(name, source) else FUNCTION).format(name, body) for name in names)


def _is_class(name: str, source: str) -> bool:
    return bool(re.search(rf"^class {re.escape(name)}\b", source, re.M))
