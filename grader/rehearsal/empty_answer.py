"""The answer that does nothing: whatever a test asks of it, it takes anything and returns None."""

from __future__ import annotations

import re

from grader.course.chapter import Chapter
from grader.notebook.names import defined

FUNCTION = "{0} = lambda *args, **kwargs: None\n"
CLASS = """class {0}:
    def __init__(self, *args, **kwargs):
        pass

    def __getattr__(self, name):
        return lambda *args, **kwargs: None
"""


def empty_answers(chapter: Chapter) -> dict[str, str]:
    """exercise -> an answer that defines its names and does nothing"""
    return {exercise: empty_answer(cell.source) for exercise, cell in chapter.exercises.items()}


def empty_answer(source: str) -> str:
    """The functions, classes and values that `source` defines, bound to what does nothing."""
    names = defined(source, imports=False)
    return "".join((CLASS if _is_class(name, source) else FUNCTION).format(name) for name in names)


def _is_class(name: str, source: str) -> bool:
    return bool(re.search(rf"^class {re.escape(name)}\b", source, re.M))
