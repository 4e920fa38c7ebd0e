"""Import nbgrader without what grading never uses: half of the time that a command takes to start."""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Iterable, Mapping
from functools import partial
from importlib.util import find_spec
from types import MappingProxyType, ModuleType, SimpleNamespace
from typing import Any

EXTENSIONS = ("assignment_list", "course_list", "validate_assignment", "formgrader")
WAITING = {  # module -> its functions that are imported by name
    "setuptools.archive_util": ("unpack_archive", "unpack_tarfile", "unpack_zipfile"),
    "soupsieve": (),
    "bleach": (),
    "bs4": ("BeautifulSoup",),
    "nbconvert.preprocessors.sanitize": ("_get_default_css_sanitizer",),
    "jupytext.sync_contentsmanager": (
        "build_sync_jupytext_contents_manager_class",
        "TextFileContentsManager",
    ),
    "jupytext.async_contentsmanager": (
        "build_async_jupytext_contents_manager_class",
        "AsyncTextFileContentsManager",
    ),
    "sqlalchemy.dialects.sqlite.aiosqlite": (),
}
# Packages of which grading needs a module or two, without the rest: names, and the modules that have them.
WITHOUT_THE_REST = {
    "nbconvert": {},
    "nbconvert.exporters": {},
    "nbconvert.preprocessors": {"Preprocessor": "base", "ClearOutputPreprocessor": "clearoutput"},
    "nbgrader.preprocessors": {
        "NbGraderPreprocessor": "base",
        "AssignLatePenalties": "latesubmissions",
        "ClearHiddenTests": "clearhiddentests",
        "ClearMarkScheme": "clearmarkingscheme",
        "ClearOutput": "clearoutput",
        "ClearSolutions": "clearsolutions",
        "ComputeChecksums": "computechecksums",
        "LockCells": "lockcells",
    },
}
# Importing nbformat makes jsonschema prepare checks of web addresses and durations, for more than a second
# of CPU; no notebook needs them. Without these modules jsonschema leaves those formats unchecked.
FORMATS = ("rfc3987_syntax", "rfc3986_validator", "isoduration", "webcolors", "uri_template", "fqdn")

NO_PARTS: Mapping[str, str] = MappingProxyType({})


class LazyModule(ModuleType):
    """Stands for a module until something of it is used; `functions` can be imported from it before that,
    and of a package the modules in its folders `path`, and the names that `parts` tells the modules of."""

    def __init__(
        self, name: str, *functions: str, path: Iterable[str] = (), parts: Mapping[str, str] = NO_PARTS
    ):
        super().__init__(name)
        self._parts = parts
        if folders := list(path):
            self.__path__ = folders
        vars(self).update({function: partial(self._call, function) for function in functions})

    def __getattr__(self, name: str) -> Any:
        if name == "__path__":  # asked by every `from ... import`
            raise AttributeError(name)
        if part := self._parts.get(name):
            return getattr(importlib.import_module(f"{self.__name__}.{part}"), name)
        return getattr(self._real(), name)

    def _call(self, function: str, *args: Any, **kwargs: Any) -> Any:
        return getattr(self._real(), function)(*args, **kwargs)

    def _real(self) -> ModuleType:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
            package = sys.modules.get(self.__name__.rpartition(".")[0])
            if isinstance(package, LazyModule):  # which imports this one, and is not to be imported by it
                package._real()
        return importlib.import_module(self.__name__)


def _stand_in(package: str) -> None:
    spec = None if package in sys.modules else find_spec(package)
    if spec and spec.submodule_search_locations:
        parts = WITHOUT_THE_REST[package]
        sys.modules[package] = LazyModule(package, path=spec.submodule_search_locations, parts=parts)


def import_nbgrader() -> None:
    """Import nbgrader without the entry points of its four Jupyter server extensions.

    For a process that is a command and nothing else: it changes what others find in `sys.modules`. What
    nbgrader and its libraries take in for JupyterHub (requests), archives (setuptools), cleaning HTML (by
    nbconvert), formats that are no notebooks (nbconvert's), kernels (nbclient) and JupyterLab (by jupytext)
    waits until it is used. Does nothing where nbgrader is imported already.
    """
    if "nbgrader" in sys.modules:
        return
    for name in FORMATS:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # Python's word for: not to be imported
    for name, functions in WAITING.items():
        sys.modules.setdefault(name, LazyModule(name, *functions))
    no_page = SimpleNamespace(load_jupyter_server_extension=None)
    absent: dict[str, Any] = {f"nbgrader.server_extensions.{name}": no_page for name in EXTENSIONS}
    if "requests" not in sys.modules:
        absent["requests"] = LazyModule("requests")
    sys.modules.update(absent)
    with contextlib.suppress(ImportError):  # whoever needs it will say so
        importlib.import_module("nbgrader.auth")
    for name in absent:
        del sys.modules[name]
    for name in WITHOUT_THE_REST:
        _stand_in(name)
