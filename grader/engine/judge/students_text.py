"""The text of the student's cells, as far as tests may see it: the source of a function or a class.

It is read, never run: a test that would run it (`exec(inspect.getsource(f))`) cannot be judged from outside.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import sys
from collections.abc import Iterator
from typing import Any

from grader.engine.judge.handles import Handle
from grader.engine.judge.student_errors import CannotCross
from grader.notebook.syntax import MAX_PARSED

_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BLOCKS = ("body", "orelse", "finalbody", "handlers")
_real_source, _real_lines = inspect.getsource, inspect.getsourcelines


class StudentsText:
    """The cells that ran in the student's process, in their order."""

    def __init__(self):
        self._cells: list[str] = []

    def add(self, source: str) -> None:
        self._cells.append(source)

    def definition(self, qualified: str) -> tuple[list[str], int]:
        """The lines of the last definition of that (claimed) name, and the number of the first in its cell.

        Raises CannotCross where it stands in no cell as it is.
        """
        path = [part for part in qualified.split(".") if part != "<locals>"]
        left = MAX_PARSED
        for source in reversed(self._cells):
            left -= len(source)
            if left < 0:
                break
            if found := _found(_parsed(source), path):
                first = min([found.lineno, *(decorator.lineno for decorator in found.decorator_list)])
                return source.splitlines(keepends=True)[first - 1 : found.end_lineno], first
        raise CannotCross(f"the source of the student's {qualified} stands in no cell")


def _parsed(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _found(body: list[ast.stmt], path: list[str]) -> Any:
    named = [node for node in _statements(body) if isinstance(node, _NAMED) and node.name == path[0]]
    if not named or len(path) == 1:
        return named[-1] if named else None
    return _found(named[-1].body, path[1:])


def _statements(body: list) -> Iterator[ast.AST]:
    """The statements of a block, those below an if, a try or a loop included."""
    for node in body:
        yield node
        if not isinstance(node, _NAMED):
            for block in _BLOCKS:
                yield from _statements(getattr(node, block, []))


def show_sources() -> None:
    """In the judge: let inspect read a handle's source in the student's cells."""
    inspect.getsource = _source  # type: ignore[assignment]
    inspect.getsourcelines = _source_lines  # type: ignore[assignment]


def _source(thing: Any) -> str:
    return "".join(_source_lines(thing)[0]) if issubclass(type(thing), Handle) else _real_source(thing)


def _source_lines(thing: Any) -> tuple[list[str], int]:
    if not issubclass(type(thing), Handle):
        return _real_lines(thing)
    if thing._kind == "object":
        raise TypeError(f"an object of class {thing.__name__} has no source")
    return thing._link.texts.definition(thing.__qualname__)


def without_evaluation(instructors: str) -> dict[str, Any]:
    """The builtins of test cells: they evaluate no text but what stands in the `instructors` own notebook."""

    def guarded(function: Any) -> Any:
        def evaluate(source: Any, *args: Any, **kwargs: Any) -> Any:
            if isinstance(source, str | bytes | bytearray) and str(source).strip() not in instructors:
                raise CannotCross(
                    f"{function.__name__}() of a text that came from elsewhere would run it here"
                )
            if function is not compile and not args and not kwargs:
                caller = sys._getframe(1)
                args = (caller.f_globals, caller.f_locals)
            return function(source, *args, **kwargs)

        return evaluate

    return vars(builtins) | {name: guarded(getattr(builtins, name)) for name in ("eval", "exec", "compile")}
