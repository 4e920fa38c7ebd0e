"""Cells with magics, read as Python: what a magic's own text holds, and what magics bind."""

from __future__ import annotations

import ast
import re

_LINE_MAGIC = re.compile(r"^([ \t]*)(?:(\w+)[ \t]*=[ \t]*)?(?:%(\w+)|!)[ \t]*(.*)$")
_CELL_MAGIC = re.compile(r"\s*%%(\w+)[ \t]*(.*)\n?")
_CODE = ("time", "timeit", "prun", "capture")  # the magics whose text is Python


def magic_of(node: ast.AST) -> tuple[str, ...] | None:
    """Name, line and, of a cell magic, body, where a node is IPython's call of a magic."""
    match node:
        case ast.Call(func=ast.Attribute(attr="run_line_magic" | "run_cell_magic"), args=args):
            return tuple(str(a.value) for a in args if isinstance(a, ast.Constant)) if args else None
    return None


def python_in(node: ast.AST) -> str | None:
    """The Python text that a call of a magic holds."""
    magic = magic_of(node)
    if magic is None or magic[0] not in _CODE or (magic[0] == "capture" and len(magic) < 3):
        return None
    return magic[-1]


def without_magics(source: str) -> str:
    """The cell with its magics' Python in their places, and with nothing in the places of the others."""
    if mark := _CELL_MAGIC.match(source):
        body = source[mark.end() :] if mark[1] in _CODE else ""
        return f"{mark[2].split()[-1]} = None\n{body}" if mark[1] == "capture" and mark[2] else body
    return "\n".join(map(_without_magic, source.split("\n")))


def _without_magic(line: str) -> str:
    mark = _LINE_MAGIC.match(line)
    if mark is None:
        return line
    space, target, name, rest = mark.groups()
    if target:
        return f"{space}{target} = None"
    if name in _CODE and rest:
        return space + rest
    return space + ("from magic import *" if name in ("run", "pylab") else "pass")
