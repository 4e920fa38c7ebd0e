"""What tests lean on, as it was before any student code ran: put back before a test runs in this process.

A cell that says `np.allclose = lambda *a: True`, or that lets the shell cut out every assert, then gains
nothing by it; a function that does so while the test runs costs the test. This stops the plain ways, not a
process that works against its own server.
"""

from __future__ import annotations

import builtins
import contextlib
import sys
from collections.abc import Collection, Iterator
from types import FunctionType, ModuleType

from IPython.core.formatters import DisplayFormatter, PlainTextFormatter
from IPython.core.inputtransformer2 import TransformerManager

from grader.engine.student.claims import Claims
from grader.engine.student.names_in_tests import Given
from grader.engine.student.shell import Shell
from grader.engine.wire.capturing_shell import ResultHook

_MODULES = """
    builtins math operator re inspect statistics collections itertools functools bisect heapq copy string
    fractions decimal datetime time io contextlib pathlib posixpath subprocess hashlib json ast
    unittest unittest.case unittest.mock pytest importlib grader.engine.student.claims
    numpy._core.numeric numpy._core.fromnumeric numpy._core._methods
    numpy numpy.linalg numpy.fft numpy.ma numpy.testing numpy.testing._private.utils
    pandas pandas.testing pandas._testing sklearn.metrics sympy networkx IPython IPython.core.getipython
    scipy.stats scipy.linalg scipy.optimize scipy.integrate scipy.interpolate scipy.special
""".split()  # noqa: SIM905
_CLASSES = (
    *(("collections", "Counter"), ("fractions", "Fraction"), ("pathlib", "PurePath"), ("pathlib", "Path")),
    *(("unittest.case", "TestCase"), ("pandas", "DataFrame"), ("pandas", "Series"), ("pandas", "Index")),
    *(("sympy", "Basic"), ("sympy", "Expr"), ("networkx", "Graph"), ("unittest.mock", "NonCallableMock")),
    *(("matplotlib.axes", "Axes"), ("matplotlib.axes._base", "_AxesBase"), ("sklearn.base", "BaseEstimator")),
)
_REPLACED = frozenset(("input", "print", "open", "sleep"))  # courses put their own in their place
_modules: dict[str, ModuleType] = {}
_kept: dict[ModuleType | type, dict] = {}
_parts: dict[FunctionType, tuple] = {}  # what may be put into a function: its code and its defaults


def keep() -> None:
    """Remember the functions and classes of the modules that are loaded by now and were not before."""
    for name in [name for name in _MODULES if name in sys.modules and name not in _modules]:
        module = _modules[name] = sys.modules[name]
        _kept[module] = {n: v for n, v in vars(module).items() if callable(v) and n not in _REPLACED}
    named = (getattr(sys.modules.get(module), name, None) for module, name in _CLASSES)
    shown = (*ResultHook.__mro__, *DisplayFormatter.__mro__, *PlainTextFormatter.__mro__)
    for kind in (*Shell.__mro__, TransformerManager, Claims, Given, *shown, *named):
        if isinstance(kind, type) and kind is not object and kind not in _kept:
            _kept[kind] = {n: f for n, f in vars(kind).items() if isinstance(f, FunctionType)}
    inner = (getattr(f, "__wrapped__", f) for contents in _kept.values() for f in contents.values())
    for function in (f for f in inner if isinstance(f, FunctionType) and f not in _parts):
        _parts[function] = _parts_of(function)


def _parts_of(function: FunctionType) -> tuple:
    return function.__code__, function.__defaults__, function.__kwdefaults__


def _changed() -> Iterator[tuple[ModuleType | type, str]]:
    """(holder, name) of what has another value by now."""
    for holder, contents in _kept.items():
        now = vars(holder)
        yield from ((holder, name) for name, value in contents.items() if now.get(name) is not value)


def _refilled() -> Iterator[FunctionType]:
    """The functions that have another code or other defaults by now."""
    for function, parts in _parts.items():
        if any(now is not then for now, then in zip(_parts_of(function), parts, strict=True)):
            yield function


def replaced(but: Collection[str]) -> TypeError | None:
    """An error that names what student code has replaced since `restore`, `but` for names that the course's
    own cells give a value to."""
    names = [name for _holder, name in _changed() if name not in but]
    names += [function.__name__ for function in _refilled()]
    return TypeError(f"{names[0]} was replaced while the test ran") if names else None


def restore(shell: Shell) -> None:
    """Put back what was remembered; what else the modules hold by now stays."""
    sys.settrace(None)
    sys.setprofile(None)
    sys.modules.update(_modules)
    for holder, name in list(_changed()):
        with contextlib.suppress(Exception):
            setattr(holder, name, _kept[holder][name])
    for function in list(_refilled()):
        function.__code__, function.__defaults__, function.__kwdefaults__ = _parts[function]
    for name in [name for name, f in vars(ResultHook).items() if isinstance(f, FunctionType)]:
        if name not in _kept[ResultHook]:
            delattr(ResultHook, name)
    shell.user_ns["__builtins__"] = builtins
    shell.unhook()
