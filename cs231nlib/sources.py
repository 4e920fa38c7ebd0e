"""The text of a function as it was written in a notebook, with what it needs to work elsewhere."""

from __future__ import annotations

import ast
import builtins
import inspect
import linecache
import symtable
import sys
from typing import Any

KINDS = ast.FunctionDef | ast.ClassDef
MOST_LETTERS = 500  # of a constant


def statements(thing: Any, library: str) -> tuple[dict[str, str], list[str]]:
    """Name -> source of all that `thing` needs, itself last; and the names whose values cannot be written.

    thing: a function or class written in a cell; ValueError for another. Its helpers, constants and imports
    come before it; what `library` (a module's name) holds already is left out.
    """
    sources: dict[str, str] = {}
    lost, waiting = [], [(thing.__name__, thing)]
    while waiting:
        name, value = waiting.pop()
        sources = {name: source_of(value), **{key: text for key, text in sources.items() if key != name}}
        around = _namespace(value)
        for needed in sorted(free_names(sources[name]) - sources.keys() & around.keys()):
            text = _statement(needed, around[needed], {library: "", around["__name__"]: None})
            if text is None and _is_written_here(around[needed]):
                waiting.append((needed, around[needed]))
            elif text is None:
                lost.append(needed)
            elif text:
                sources = {needed: text, **sources}
    return sources, lost


def source_of(thing: Any) -> str:
    """The text of a function or class as it was written in its cell (inspect finds no classes there)."""
    functions = list(_functions(thing))
    cell = "".join(linecache.getlines(functions[0].__code__.co_filename)) if functions else ""
    found = [s for s in ast.parse(cell).body if isinstance(s, KINDS) and s.name == thing.__name__]
    if not found:
        raise ValueError(f"{thing!r} was not written in this notebook")
    first = min([found[-1].lineno, *(decorator.lineno for decorator in found[-1].decorator_list)])
    return "\n".join(cell.split("\n")[first - 1 : found[-1].end_lineno]) + "\n"


def free_names(source: str) -> set[str]:
    """The global names that a function or class reads, those of Python itself left out."""
    tables, names = [symtable.symtable(source, "cell", "exec")], set()
    for table in tables:
        tables += table.get_children()
        names |= {s.get_name() for s in table.get_symbols() if s.is_global() or table.get_type() == "module"}
    return names - vars(builtins).keys() - {"np"}


def bound(statement: ast.stmt) -> list[str]:
    """The names that a top-level statement binds."""
    if isinstance(statement, KINDS):
        return [statement.name]
    if isinstance(statement, ast.Assign):
        return [target.id for target in statement.targets if isinstance(target, ast.Name)]
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return [alias.asname or alias.name for alias in statement.names]
    return []


def _functions(thing):
    thing = inspect.unwrap(thing) if callable(thing) and not isinstance(thing, type) else thing
    members = vars(thing).values() if isinstance(thing, type) else [thing]
    parts = (getattr(member, "__func__", getattr(member, "fget", member)) for member in members)
    return (part for part in parts if inspect.isfunction(part))


def _namespace(thing):
    return next((function.__globals__ for function in _functions(thing)), {})


def _is_written_here(value):
    try:
        return bool(source_of(value))
    except (ValueError, AttributeError):
        return False


def _statement(name, value, homes):
    """The line that gives `name` its value anywhere; "" if it needs none, None if there is no such line.

    homes: what to say of a function from the modules that cannot be imported from.
    """
    if inspect.ismodule(value):
        return f"import {value.__name__}" + f" as {name}" * (name != value.__name__) + "\n"
    home, own = getattr(value, "__module__", None), getattr(value, "__name__", "")
    if home in homes:
        return homes[home]
    if own:
        home = next(
            (h for h in (home, "numpy") if h and getattr(sys.modules.get(h), own, None) is value), None
        )
        return home and f"from {home} import {own}" + f" as {name}" * (name != own) + "\n"
    return f"{name} = {value!r}\n" if _is_plain(value) else None


def _is_plain(value):
    text = repr(value)
    try:
        return len(text) <= MOST_LETTERS and ast.literal_eval(text) == value
    except (ValueError, SyntaxError):
        return False
