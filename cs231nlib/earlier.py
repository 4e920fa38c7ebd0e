"""`from mynet import name` goes on where `name` is missing: it says which exercise that is, and stands in.

A stand-in raises `Unfinished` when it is called, so the cells that do without it run as ever. The first cell
of a chapter imports `cs231nlib.grading`, then what it needs from `mynet`:

    from cs231nlib.grading import Grade, expect
    from mynet import net_loss, train
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from importlib.abc import Loader, MetaPathFinder
from importlib.util import spec_from_file_location, spec_from_loader

from cs231nlib.exercises import find_exercise
from cs231nlib.progress import LIBRARY, mynet_path
from cs231nlib.stumbles import Unfinished

_missing: set[str] = set()  # what this session has named already


def stand_in(name: str) -> Callable:
    """A function that stands for one which mynet.py lacks; says so now, and raises Unfinished when called."""
    if name.startswith("_"):
        raise AttributeError(name)
    where = find_exercise(name, mynet_path().parent) or "its exercise"
    advice = f"finish {where}, run the `keep` cell of that chapter, then restart this notebook"
    told = f"{name} is not in mynet.py yet: {advice}. Until then, what needs it cannot run."
    print(f"{name} is missing from mynet.py, too: finish {where}." if _missing else told)
    _missing.add(name)

    def missing(*args, **kwargs):
        raise Unfinished(f"{name} is not in mynet.py yet: {advice}.")

    missing.__name__ = missing.__qualname__ = name
    missing.__module__ = LIBRARY
    return missing


class _Finder(MetaPathFinder, Loader):
    """Finds mynet.py from inside a chapter's folder, and an empty one where there is none."""

    def find_spec(self, name, path, target=None):
        if name != LIBRARY:
            return None
        file = mynet_path()
        return spec_from_file_location(name, file) if file.is_file() else spec_from_loader(name, self)

    def create_module(self, spec):
        module = types.ModuleType(spec.name)
        vars(module)["__getattr__"] = stand_in
        return module

    def exec_module(self, module):
        pass


def install() -> None:
    """From now on `import mynet` succeeds wherever a chapter runs."""
    if not any(type(finder).__name__ == _Finder.__name__ for finder in sys.meta_path):
        sys.meta_path.append(_Finder())
