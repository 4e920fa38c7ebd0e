"""What the warm process imports before it forks, so that no student process has to."""

from __future__ import annotations

import contextlib
import importlib
import os
import pwd
import sys

PRELOAD = (
    "numpy.random",
    "numpy.testing",
    "matplotlib.pyplot",
    "matplotlib.animation",
    "matplotlib.backends.backend_agg",
    "matplotlib_inline.backend_inline",
    "IPython.core.interactiveshell",
    "IPython.display",
    "PIL.Image",
    "PIL.PngImagePlugin",
    "imageio.v3",
    "imageio.plugins.pillow",
)


def preload() -> None:
    """Import what students use; a module that is not installed is left out."""
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # a debugger costs half of the shell's start
    os.environ |= font_list()
    for name in PRELOAD:
        with contextlib.suppress(ModuleNotFoundError):
            importlib.import_module(name)
    importlib.import_module("grader.engine.student.main").warm()
    os.environ.pop("XDG_CACHE_HOME", None)
    if matplotlib := sys.modules.get("matplotlib"):
        vars(matplotlib)["get_cachedir"] = matplotlib.get_configdir  # it would go on naming the user's home
    sys.dont_write_bytecode, os.environ["PYTHONDONTWRITEBYTECODE"] = True, "1"  # from here on for students


def font_list() -> dict[str, str]:
    """Where Matplotlib keeps its list of fonts, which takes longer to make than the rest of it to import.

    A home of our own (see `levels.settle`) keeps the user's settings out; the list may be the user's.
    """
    with contextlib.suppress(KeyError):  # a container's user may have no name
        home = pwd.getpwuid(os.geteuid()).pw_dir
        if os.access(home, os.W_OK):
            return {"XDG_CACHE_HOME": os.path.join(home, ".cache")}
    return {}
