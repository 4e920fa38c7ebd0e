"""What runs a text or a pickle in the process that calls it: of a student's none runs in the judge.

C's own unpicklers cannot be replaced; the audit event that each of them raises (see `deeds`) asks whether it
is a file that is read.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import io
import pickle
import sys
import tempfile
from collections.abc import Callable
from functools import reduce, wraps
from types import FrameType
from typing import Any

from grader.engine.judge.student_errors import CannotCross

_EVALUATORS = (  # what runs a text in the process that calls it, and the argument that it is
    ("jinja2.environment", "Environment.from_string", "source"),
    ("numexpr.necompiler", "stringToExpression", "s"),
    ("pandas.core.computation.expr", "Expr.__init__", "expr"),
    ("sympy.parsing.sympy_parser", "stringify_expr", "s"),
    ("timeit", "Timer.__init__", "stmt"),
    ("yaml.constructor", "UnsafeConstructor.find_python_name", "name"),
)
_UNPICKLERS = (  # and what runs a pickle, which can be in a file
    ("pickle", "_Unpickler.__init__", "file"),
    ("pickle", "_Unpickler.load", "self"),
    ("pickle", "load", "file"),
    ("pickle", "loads", "data"),
)
_BETWEEN_PROCESSES = ("concurrent", "joblib", "multiprocessing")  # pickles of the test's own
_files: list[bool] = []  # not empty while a file is unpickled


def guard_evaluators(instructors: str) -> None:
    """From now on they run what stands in the `instructors` own cells, answers aside, and pickled files."""
    for name, path, argument in _EVALUATORS:
        _guard(name, path, argument, lambda given: _is_instructors(given, instructors), [])
    for name, path, argument in _UNPICKLERS:
        _guard(name, path, argument, _is_of_a_file, _files)


def is_allowed_pickle(caller: FrameType) -> bool:
    """Whether what is unpickled there is a file, or what processes of the test's tell each other."""
    return bool(_files) or caller.f_globals.get("__name__", "").partition(".")[0] in _BETWEEN_PROCESSES


def _guard(
    module: str, path: str, argument: str, is_harmless: Callable[[Any], bool], running: list[bool]
) -> None:
    """Let that function run what is harmless alone, where its package is there; `running` meanwhile."""
    if module.partition(".")[0] not in sys.modules:
        return
    *owners, name = path.split(".")
    try:
        owner = reduce(getattr, owners, importlib.import_module(module))
        evaluate = getattr(owner, name)
    except (ImportError, AttributeError):  # of another version
        return
    signature = inspect.signature(evaluate)

    @wraps(evaluate)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        given = signature.bind(*args, **kwargs).arguments.get(argument)
        if not is_harmless(given):
            raise CannotCross(f"{path}() of what came from elsewhere would run it here: {str(given)[:80]!r}")
        running.append(True)
        try:
            return evaluate(*args, **kwargs)
        finally:
            running.pop()

    setattr(owner, name, guarded)


def _is_instructors(given: Any, instructors: str) -> bool:
    """A text of the instructor's own cells, or a function."""
    return given.strip() in instructors if isinstance(given, str) else not isinstance(given, bytes)


def _is_of_a_file(given: Any) -> bool:
    """Whether a pickle lies in a file; of an unpickler that was asked before."""
    given = getattr(given, "file", given) if isinstance(given, tempfile._TemporaryFileWrapper) else given
    if isinstance(given, pickle._Unpickler):
        return True
    with contextlib.suppress(OSError, ValueError):
        return isinstance(given, io.IOBase) and given.fileno() >= 0
    return False
