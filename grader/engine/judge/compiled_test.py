"""A test cell compiled once, for all the runs that it will have."""

from __future__ import annotations

import ast
import linecache
from dataclasses import dataclass
from types import CodeType

from grader.notebook.cells import python
from grader.notebook.plan import TestCell


@dataclass(frozen=True)
class CompiledTest:
    """A test cell ready to run: its statements, and its last expression apart."""

    test: TestCell
    body: CodeType
    last: CodeType | None
    filename: str


def compile_test(test: TestCell) -> CompiledTest:
    """The cell ready to run; what only a notebook's shell can run raises SyntaxError when it is run here."""
    filename = f"<test {test.grade_id}>"
    try:
        return _compiled(test, filename)
    except SyntaxError as error:
        return CompiledTest(
            test, compile(f"raise SyntaxError({str(error)!r})", filename, "exec"), None, filename
        )


def show_lines(source: str, filename: str) -> None:
    """Let tracebacks find the lines of a source that stands in no file."""
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)


def _compiled(test: TestCell, filename: str) -> CompiledTest:
    source = python(test.source)
    show_lines(source, filename)
    tree = ast.parse(source, filename)
    last = None
    if tree.body and isinstance(ending := tree.body[-1], ast.Expr):
        last = compile(ast.Expression(ending.value), filename, "eval")
        tree.body.pop()
    return CompiledTest(test, compile(tree, filename, "exec"), last, filename)
