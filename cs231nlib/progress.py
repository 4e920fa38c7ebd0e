"""Your own library grows: functions you finished in one chapter are kept for the later ones.

from cs231nlib.progress import keep
keep(sigmoid, relu)            # at the end of a chapter

from mynet import sigmoid      # in a later one; `cs231nlib.earlier` stands in where it is missing
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from cs231nlib import cell_marks
from cs231nlib.sources import KINDS, bound, source_of, statements

LIBRARY = "mynet"
RELEASED = Path(__file__).parent / "release"
STUB = "raise NotImplementedError"
NO_GRADER = "The grader is not installed here: ask your instructor."
HEADER = '''"""My own neural-network library: each function here is one that I wrote in the course."""

import numpy as np


def __getattr__(name):
    from cs231nlib.earlier import stand_in

    return stand_in(name)
'''


def mynet_path() -> Path:
    """Where mynet.py is, or will be: in the working directory, or else in the one above.

    Without one, it goes to the folder that holds the chapters' folders when that is recognisable, else
    beside the notebook.
    """
    here = Path.cwd().resolve()
    near = [here, here.parent]
    found = [folder / "mynet.py" for folder in near if (folder / "mynet.py").is_file()]
    home = here.parent if (here.parent / ".released.json").is_file() else here
    return found[0] if found else home / "mynet.py"


def begin(path: Path) -> Path:
    """Make an empty mynet.py, which says where a missing function comes from; one that exists stays."""
    if not path.is_file():
        _write(path, HEADER)
    return path


def keep(*functions: Callable) -> Path:
    """Put the source of your functions or classes into mynet.py, in place of earlier versions of them.

    What they call in this notebook is kept with them: helpers, constants, imports. What is not started yet is
    named and left out; what fails its own test is named and kept. ValueError for what was not written here,
    and for a mynet.py that Python cannot read.
    """
    done = [function for function in functions if STUB not in source_of(function)]
    path = begin(mynet_path())
    text = path.read_text(encoding="utf-8")
    for function in done:
        sources, lost = statements(function, LIBRARY)
        _say(f"{function.__name__} uses what mynet.py cannot hold, so pass it as an argument", lost)
        for name, source in sources.items():
            text = _with(text, name, source)
    _write(path, text)
    _forget(path)
    kept = [function.__name__ for function in done]
    _say("not started yet, so not kept", [f.__name__ for f in functions if f.__name__ not in kept])
    _say("kept, but its own test does not pass: mend it, then keep it again", filter(cell_marks.fails, kept))
    print(f"{path.name} now holds {', '.join(_names(text)) or 'nothing yet'}")
    return path


def _say(what: str, names: Iterable[str]) -> None:
    if names := ", ".join(names):
        print(f"{what}: {names}")


def look_over(notebook: str) -> None:
    """Say what would be repaired, or is missing, if the saved `notebook` were handed in now."""
    if not Path(notebook).is_file():
        print(f"{notebook} is not in this folder. If you gave it another name, write that name in this cell.")
        return
    command = [sys.executable, "-P", "-m", "grader", "try", "--check-only", notebook]
    if RELEASED.is_dir():  # installed, with no checkout around
        command += ["--course-dir", str(RELEASED.parent)]
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except OSError:  # in a browser nothing is started
        print(NO_GRADER)
    else:
        print((done.stdout or done.stderr).strip() or NO_GRADER)


def _write(path: Path, text: str) -> None:
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)


def _parsed(text: str) -> list[ast.stmt]:
    try:
        return ast.parse(text).body
    except SyntaxError as error:
        raise ValueError(
            f"mynet.py, line {error.lineno}, is not Python: mend it there, then run this again"
        ) from None


def _names(text: str) -> list[str]:
    return [s.name for s in _parsed(text) if isinstance(s, KINDS) and s.name != "__getattr__"]


def _with(text: str, name: str, source: str) -> str:
    """`text` with `source` at its end, in place of what gave `name` its value, if that was another."""
    old = [statement for statement in _parsed(text) if name in bound(statement)]
    if [ast.dump(statement) for statement in old] == [ast.dump(s) for s in _parsed(source)]:
        return text
    lines = text.split("\n")
    for statement in reversed(old):
        first = min([statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", ()))])
        del lines[first - 1 : statement.end_lineno]
    return "\n".join(lines).rstrip() + "\n\n\n" + source


def _forget(path: Path) -> None:
    """Let the next `from mynet import` in this kernel read the new file, wherever the notebook runs."""
    sys.modules.pop(LIBRARY, None)
    if str(path.parent) not in sys.path:
        sys.path.insert(0, str(path.parent))
