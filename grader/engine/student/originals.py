"""What tests lean on, as it was before any student code ran: put back before a test runs in this process.

A cell that says `np.allclose = lambda *a: True` then gains nothing by it. This stops the plain ways, not a
process that works against its own server.
"""

from __future__ import annotations

import contextlib
import sys
import unittest
from types import FunctionType, ModuleType

_NAMES = (
    *("builtins", "math", "inspect", "unittest", "unittest.case", "numpy", "numpy.linalg"),
    *("numpy.testing", "numpy.testing._private.utils", "pandas", "pandas.testing", "pandas._testing"),
)
_modules: dict[str, tuple[ModuleType, dict]] = {}
_assertions: dict[str, FunctionType] = {}


def keep() -> None:
    """Remember the contents of the modules that are loaded by now."""
    for name in _NAMES:
        if module := sys.modules.get(name):
            _modules[name] = module, dict(vars(module))
    _assertions.update({n: f for n, f in vars(unittest.TestCase).items() if isinstance(f, FunctionType)})


def restore() -> None:
    """Put back what was remembered; what else the modules hold by now stays."""
    for name, (module, contents) in _modules.items():
        sys.modules[name] = module
        vars(module).update(contents)
    for name, function in _assertions.items():
        with contextlib.suppress(Exception):
            setattr(unittest.TestCase, name, function)
