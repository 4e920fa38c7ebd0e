"""Cells that go wrong without stopping the notebook below them.

`Restart & Run All` should reach the last cell, also where an exercise is not written yet and where an error
is there to be read.
"""

from __future__ import annotations

import ast
import os
import sys
import traceback

from cs231nlib import cell_marks
from cs231nlib.exercise_facts import all_exercises
from cs231nlib.session import cell_id, cell_source, find_shell
from grader.engine.wire.origin import Origin


class Unfinished(NotImplementedError):
    """Something of an earlier chapter is missing; the words say what, and where to finish it."""


STUB = "{name} is not started yet: write it in its cell, run that cell, then run this one again."
LATER = "{name} comes from a cell above that waits for something itself: run this one again after that one."
EXCUSE = "This cell uses {name}, which does not pass its test yet. {error}"
WHOLE = "Mend it, then run this one again. (%tb shows the whole traceback.)"
_awaited: set[str] = set()  # names that forgiven cells did not get to
_origins: dict[str, set[str]] = {}  # a name that a cell made -> the names that the cell read
_forgiven: set[type[Exception]] = {NotImplementedError}  # what stops nothing in the cell that runs now


def go_on() -> None:
    """Call it first in a cell: an error of this cell is shown as always, and the cells below still run."""
    _forgiven.add(Exception)


def install() -> None:
    """From now on a cell that meets an unwritten exercise says so in one line, and the cells below still run.

    So does one that misses what such a cell would have made, and one that fails and uses an answer whose
    test does not pass, or what other cells made with it. An answer's own cell shows its error whole; it
    stops nothing, either.
    Not while nbgrader executes: there, a cell that stops must be seen to stop.
    """
    shell = find_shell()
    if shell is None or "NBGRADER_EXECUTION" in os.environ or Exception in shell.custom_exceptions:
        return
    shell.set_custom_exc((*shell.custom_exceptions, Exception), _in_short)
    shell.events.register("post_run_cell", _forgive)


def _in_short(shell, kind, error, trace, tb_offset=None):
    if isinstance(error, NotImplementedError):
        print(unwritten(error))
    elif isinstance(error, NameError) and error.name in _awaited:
        print(LATER.format(name=error.name))
    elif Exception not in _forgiven and (words := excuse(error)):
        sys.last_type, sys.last_value, sys.last_traceback = kind, error, trace
        print(f"{words}\n{WHOLE}")
    else:
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset, running_compiled_code=True)


def unwritten(error: NotImplementedError) -> str:
    """One line for a cell that met an unwritten exercise."""
    if isinstance(error, Unfinished):
        return str(error)
    return STUB.format(name=traceback.extract_tb(error.__traceback__)[-1].name)


def excuse(error: Exception) -> str:
    """What to say instead of it where the cell that runs now uses an answer that fails its test; else ""."""
    failing = _failing(_read_by(_nodes(cell_source())))
    if not failing:
        return ""
    passed = [frame.name for frame in traceback.extract_tb(error.__traceback__)]
    name, origin = max(failing, key=passed.count), Origin(error)
    place = f"\n{origin.place}" if f" of your {name}:" in origin.place else ""
    return EXCUSE.format(name=name, error=f"{type(error).__name__}: {origin.what}{place}")


def _forgive(result):
    nodes, error = _nodes(result.info.raw_cell), result.error_before_exec or result.error_in_exec
    made, read = _made_by(nodes), _read_by(nodes)
    _origins.update(dict.fromkeys(made, read - made))
    answer = all_exercises().get(cell_id()) if error else None
    if isinstance(error, Exception) and (answer or _is_forgiven(error) or _failing(read)):
        _awaited.update(made, answer.facts["names"] if answer else ())
        result.error_before_exec = result.error_in_exec = None
    _forgiven.discard(Exception)


def _is_forgiven(error):
    return isinstance(error, tuple(_forgiven)) or (isinstance(error, NameError) and error.name in _awaited)


def _failing(names):
    """The answers that fail their tests among these names and what they were made of, the nearest first."""
    seen, left, failing = set(), set(names), []
    while left:
        seen |= left
        failing += sorted(filter(cell_marks.fails, left))
        left = set().union(*(_origins.get(name, ()) for name in left)) - seen
    return failing


def _read_by(nodes):
    """The names that a cell reads, wherever in it."""
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def _nodes(cell):
    try:
        return list(ast.walk(ast.parse(find_shell().transform_cell(cell))))
    except (SyntaxError, ValueError):
        return []


def _made_by(nodes):
    """The names that a cell gives a value, wherever in it."""
    names = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    names |= {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    return names | {node.asname or node.name.split(".")[0] for node in nodes if isinstance(node, ast.alias)}
