"""What tests lean on, as it was before any student code ran: put back before a test runs in this process.

A cell that says `np.allclose = lambda *a: True`, or that lets the shell cut out every assert, then gains
nothing by it. This stops the plain ways, not a process that works against its own server.
"""

from __future__ import annotations

import contextlib
import sys
from types import FunctionType, ModuleType

from IPython.core.formatters import DisplayFormatter, PlainTextFormatter
from IPython.core.inputtransformer2 import TransformerManager

from grader.engine.student.shell import Shell
from grader.engine.wire.capturing_shell import ResultHook

_MODULES = """
    builtins math operator re inspect statistics collections itertools functools bisect heapq copy string
    fractions decimal datetime time io contextlib pathlib posixpath subprocess hashlib json ast
    unittest unittest.case unittest.mock pytest
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


def keep() -> None:
    """Remember the functions and classes of the modules that are loaded by now and were not before."""
    for name in [name for name in _MODULES if name in sys.modules and name not in _modules]:
        module = _modules[name] = sys.modules[name]
        _kept[module] = {n: v for n, v in vars(module).items() if callable(v) and n not in _REPLACED}
    named = (getattr(sys.modules.get(module), name, None) for module, name in _CLASSES)
    shown = (*ResultHook.__mro__, *DisplayFormatter.__mro__, *PlainTextFormatter.__mro__)
    for kind in (*Shell.__mro__, TransformerManager, *shown, *named):
        if isinstance(kind, type) and kind is not object and kind not in _kept:
            _kept[kind] = {n: f for n, f in vars(kind).items() if isinstance(f, FunctionType)}


def restore(shell: Shell) -> None:
    """Put back what was remembered; what else the modules hold by now stays."""
    sys.modules.update(_modules)
    for holder, contents in _kept.items():
        now = vars(holder)
        for name in [name for name, value in contents.items() if now.get(name) is not value]:
            with contextlib.suppress(Exception):
                setattr(holder, name, contents[name])
    for name in [name for name, f in vars(ResultHook).items() if isinstance(f, FunctionType)]:
        if name not in _kept[ResultHook]:
            delattr(ResultHook, name)
    shell.unhook()
