"""Whether code leaves anything behind from one call of it to the next: read, never run.

What is read must be of a kind that surely keeps nothing: functions and classes that read constants, a few
modules and each other, and write into what is their own. All else counts as lasting, and so does what only
looks odd.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Mapping

from grader.notebook.bindings import ANY, bound
from grader.notebook.names import free
from grader.notebook.syntax import UNREADABLE, parse
from grader.notebook.tame import is_calm, is_settled

MODULES = frozenset(
    ("numpy", "math", "itertools", "functools", "operator", "collections", "copy", "typing", "string")
)
Body = Iterable[ast.stmt]


def keeps_nothing(sources: Iterable[str], asked: Iterable[str], library: str = "") -> bool:
    """Whether calls of the functions named `asked` leave nothing behind for one another, or for later cells.

    sources: the cells that run in the process, a student's. library: a module whose functions keep nothing.
    """
    try:
        cells = [_read(source) for source in sources]
        statements = [statement for cell in cells for statement in cell or ()]
        known = definitions(statements)
        if None in cells or ANY in known or not all(map(is_calm, statements)):
            return False
        return not unsettled(known.keys() & set(asked), known, MODULES | {library})
    except UNREADABLE:
        return False


def _read(source: str) -> list[ast.stmt] | None:
    """The statements of a cell; None where it holds something that cannot be read."""
    body = parse(source).body
    lines = (line.strip() for line in source.splitlines())
    return body if body or all(not line or line.startswith("#") for line in lines) else None


def definitions(statements: Body) -> dict[str, list[ast.stmt]]:
    """name -> all the top-level statements that give it a value."""
    found: dict[str, list[ast.stmt]] = {}
    for statement in statements:
        for name in set(bound(statement)):
            found.setdefault(name, []).append(statement)
    return found


def unsettled(names: Iterable[str], known: Mapping[str, Body], modules: frozenset[str]) -> set[str]:
    """Of these names, and of all that those read in turn, what is no function, class, constant or module."""
    settled: dict[ast.stmt, bool] = {}  # each statement is looked at once, however many names it binds
    waiting, seen, found = list(names), set[str](), set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        given = known.get(name, ())
        for statement in given:
            if statement not in settled:
                settled[statement] = is_settled(statement, modules)
                waiting += free(statement)
        if not all(settled[statement] for statement in given) or not (given or hasattr(builtins, name)):
            found.add(name)
    return found
