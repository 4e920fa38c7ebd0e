"""What a trial of the judge's can reach, whatever a test is made to run there: what tests need.

A path or an address that a test opens may be the student's. The interpreter, its packages, the files of the
assignment and what the course's own code names by an absolute path can be read, the judge's own folder
written; connections are for courses whose code names an address. Where that is too little for the reference,
it is tried once where it may read everything, and what it used of that is for the students' trials, too.
"""

from __future__ import annotations

import ast
import logging
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from grader.engine.judge.tracks import Tracks
from grader.engine.sandbox import landlock, seccomp
from grader.engine.sandbox.kernel_calls import PR_SET_NO_NEW_PRIVS, prctl
from grader.engine.sandbox.root_tree import DEVICES, SYSTEM, environment_paths
from grader.notebook.syntax import parse
from grader.records import Reach

_MACHINE = ("/sys", "/proc/sys", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/loadavg")
_KERNELS = ("/dev", "/proc", "/sys")
_OWN = tuple(f"/proc/self/{name}" for name in ("cgroup", "fd", "maps", "mounts", "stat", "statm", "status"))
_NETWORK = tuple(f"/etc/{n}" for n in ("hosts", "resolv.conf", "nsswitch.conf", "ssl", "pki", "mime.types"))
# where packages keep what they have fetched
_KEPT = ("~/.cache/{0}", "~/{0}_data", "~/{0}-data", "~/scikit_learn_data")
_NO_SECRETS = (".cache", ".keras", ".local")  # of what is hidden in a home


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
        self._here = [os.getcwd(), tempfile.gettempdir()]

    def enter(self, reach: Reach | None) -> Tracks | None:
        """Confine this process for good, where the kernel sees to it; where it fails, that is said.

        reach: what else it may read; None for everything, of which it leaves tracks.
        """
        if not landlock.abi():
            return None
        readable, exact = ([*self._readable, *_OWN], reach.paths) if reach else (["/"], ())
        connects = self._connects or reach is None or reach.connects
        try:
            prctl(PR_SET_NO_NEW_PRIVS, 1)
            landlock.restrict(readable, [*self._here, *DEVICES, "/dev/shm"], exact, connects=connects)
            if not connects:
                seccomp.refuse_internet()
        except OSError as error:
            logging.getLogger(__name__).warning("a trial of the judge's runs unconfined: %s", error)
        return None if reach else Tracks()

    def beyond(self, tracks: Tracks) -> Reach:
        """What `tracks` show beyond what all trials reach, but for what may be private."""
        known = [os.path.realpath(path) for path in (*self._readable, *self._here, *_KERNELS)]
        paths = [Path(path) for path in sorted(tracks.paths) if os.path.exists(path)]
        new = (path for path in paths if not any(path.is_relative_to(one) for one in known))
        reached = tuple(str(path) for path in new if not _is_private(path))
        return Reach(reached, tracks.connects and not self._connects)


def _imported() -> Iterator[str]:
    """The packages that are there already, wherever they lie, and what they keep at home."""
    for name, module in list(sys.modules.items()):
        if "." not in name and (places := list(getattr(module, "__path__", ()))):
            yield from (*places, *(os.path.expanduser(kept.format(name)) for kept in _KEPT))


def _is_private(path: Path) -> bool:
    """What may hold keys, such as ~/.netrc, or lists what does."""
    home = Path.home().resolve()
    first = path.relative_to(home).parts[:1] if path.is_relative_to(home) else ()
    return _is_wide(path) or any(name.startswith(".") and name not in _NO_SECRETS for name in first)


def _is_wide(path: Path) -> bool:
    """Whether a home, all temporary files or all of the machine's settings or processes lie below."""
    home = Path.home()
    below = (home, home.resolve(), Path(tempfile.gettempdir()), Path("/etc/passwd"), Path("/proc/self"))
    return any(one.is_relative_to(path) for one in below)


def _named(sources: Iterable[str]) -> Iterator[str]:
    """The absolute paths that stand in the code, but those above a home or all temporary files."""
    for source in sources:
        for node in ast.walk(parse(source)):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and node.value[:1] in ("/", "~")
            ):
                path = Path(os.path.abspath(os.path.expanduser(node.value)))
                if not _is_wide(path):
                    yield str(path)


def _data() -> list[str]:
    """What the environment names as a folder of data."""
    return [value for name, value in os.environ.items() if name.endswith("_DATA")]
