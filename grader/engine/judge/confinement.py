"""What a trial of the judge's can reach, whatever a test is made to run there: what tests need.

A path or an address that a test opens may be the student's. The interpreter, its packages, the files of the
assignment and what the course's own code names by an absolute path can be read, the judge's own folder
written; connections are for courses whose code names an address.
"""

from __future__ import annotations

import ast
import logging
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from grader.engine.sandbox import landlock
from grader.engine.sandbox.kernel_calls import PR_SET_NO_NEW_PRIVS, prctl
from grader.engine.sandbox.root_tree import DEVICES, SYSTEM, environment_paths
from grader.notebook.syntax import parse

_MACHINE = ("/sys", "/proc/sys", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/loadavg")
_OWN = tuple(f"/proc/self/{name}" for name in ("cgroup", "fd", "maps", "mounts", "stat", "statm", "status"))
_NETWORK = tuple(f"/etc/{n}" for n in ("hosts", "resolv.conf", "nsswitch.conf", "ssl", "pki", "mime.types"))
# where packages keep what they have fetched
_KEPT = ("~/.cache/{0}", "~/{0}_data", "~/{0}-data", "~/scikit_learn_data")


class Confinement:
    """Of the trials of a course; `sources`: its own code, answers aside."""

    def __init__(self, sources: Sequence[str]):
        modules = [path for path in Path.cwd().rglob("*.py") if path.is_file()]
        sources = [*sources, *(path.read_text(errors="replace") for path in modules)]
        self._connects = any("://" in source for source in sources)
        paths = {
            *SYSTEM,
            *_MACHINE,
            *_NETWORK,
            *environment_paths(),
            *_imported(),
            *_data(),
            *_named(sources),
        }
        self._readable = [path for path in paths if os.path.exists(path)]

    def enter(self) -> None:
        """Confine this process for good, where the kernel sees to it; where it fails, that is said."""
        if not landlock.abi():
            return
        here = [os.getcwd(), tempfile.gettempdir(), *DEVICES, "/dev/shm"]
        try:
            prctl(PR_SET_NO_NEW_PRIVS, 1)
            landlock.restrict([*self._readable, *_OWN], here, connects=self._connects)
        except OSError as error:
            logging.getLogger(__name__).warning("a trial of the judge's runs unconfined: %s", error)


def _imported() -> Iterator[str]:
    """The packages that are there already, wherever they lie, and what they keep at home."""
    for name, module in list(sys.modules.items()):
        if "." not in name and (places := list(getattr(module, "__path__", ()))):
            yield from (*places, *(os.path.expanduser(kept.format(name)) for kept in _KEPT))


def _named(sources: Iterable[str]) -> Iterator[str]:
    """The absolute paths that stand in the code, but those above a home or all temporary files."""
    wide = [Path.home(), Path(tempfile.gettempdir()), Path("/etc/passwd"), Path("/proc/self")]
    for source in sources:
        for node in ast.walk(parse(source)):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and node.value[:1] in ("/", "~")
            ):
                path = Path(os.path.abspath(os.path.expanduser(node.value)))
                if not any(one.is_relative_to(path) for one in wide):
                    yield str(path)


def _data() -> list[str]:
    """What the environment names as a folder of data."""
    return [value for name, value in os.environ.items() if name.endswith("_DATA")]
