"""What this machine can do to confine a process: found out by trying each step, never by a version.

Levels: "full" (namespaces, landlock, system-call filter, limits); "no-namespaces" (the same without them,
for containers that forbid them); "refused"; and "unsafe", by request only.
`python -m grader.engine.sandbox.levels` prints what this machine can do.
"""

from __future__ import annotations

import os
import platform
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader import workspace
from grader.engine.sandbox import primitives

if TYPE_CHECKING:
    from grader.engine.sandbox.enclosure import Enclosure

FULL, NO_NAMESPACES, UNSAFE, REFUSED = "full", "no-namespaces", "unsafe", "refused"
WAYS_OUT = "grade in a Linux container that allows user namespaces, or accept the risk: --unsafe-no-sandbox"


@dataclass(frozen=True)
class Primitive:
    """One step of confinement on this machine; `reason` says why it does not work."""

    name: str
    works: bool
    reason: str = ""


@dataclass(frozen=True)
class Capabilities:
    """What was tried, and the best level that follows; `note` says what it lacks here, or why it is none."""

    level: str
    note: str
    primitives: tuple[Primitive, ...]

    def works(self, name: str) -> bool:
        return any(p.name == name and p.works for p in self.primitives)

    @property
    def own_users(self) -> bool:
        """Whether each submission can have a user id of its own without namespaces."""
        return self.works(primitives.OWN_USER) and self.works(primitives.OPEN_WAY)

    def missing(self, level: str) -> str:
        """Why this machine cannot provide `level`; "" when it can."""
        if level == UNSAFE:
            return "" if os.name == "posix" else "the grader needs a POSIX system"
        if level not in _NEEDS:
            return f"there is no level {level!r}"
        if not self.primitives:
            return f"{platform.system()} cannot confine a process"
        lacking = [p for p in self.primitives if p.name in _NEEDS[level] and not p.works]
        if level == NO_NAMESPACES and not (self.works(primitives.SIGNALS) or self.own_users):
            lacking += [p for p in self.primitives if p.name == primitives.SIGNALS]
        return "; ".join(f"{p.name}: {p.reason}" for p in lacking)


_NEEDS = {
    FULL: (primitives.NAMESPACES, primitives.TREE, primitives.FILTER),
    NO_NAMESPACES: (primitives.LANDLOCK, primitives.FILTER),
}


def probe() -> Capabilities:
    """Try every primitive in a child process of its own; takes some milliseconds."""
    if not sys.platform.startswith("linux"):
        return Capabilities(REFUSED, f"{platform.system()} cannot confine a process", ())
    from grader.engine.sandbox.probe import try_all  # needs Linux

    tried = Capabilities(REFUSED, "", tuple(Primitive(name, not why, why) for name, why in try_all()))
    for level in (FULL, NO_NAMESPACES):
        if not tried.missing(level):
            return Capabilities(level, _shortcoming(level, tried), tried.primitives)
    why = f"full: {tried.missing(FULL)}. no-namespaces: {tried.missing(NO_NAMESPACES)}"
    return Capabilities(REFUSED, why, tried.primitives)


def describe(capabilities: Capabilities) -> list[tuple[str, str]]:
    """Rows for people: the level and its note, then each primitive with yes or no and the reason."""
    rows = [("sandbox level", capabilities.level + (f" ({capabilities.note})" if capabilities.note else ""))]
    rows += [(p.name, "yes" if p.works else f"no: {p.reason}") for p in capabilities.primitives]
    return rows if capabilities.level != REFUSED else [*rows, ("ways out", WAYS_OUT)]


def settle(wanted: str, hello: Callable[[dict], object]) -> Enclosure | None:
    """Choose the level, announce it with `hello`, and fork: the process that returns is the one to warm up.

    wanted: a level, or "best" for the best that confines. None when that is refused (and announced as such).
    The other process stays behind, cleans up when the warm one ends, and never returns.
    """
    capabilities = probe()
    level = capabilities.level if wanted == "best" else wanted
    why = capabilities.note if level == REFUSED else capabilities.missing(level)
    if why:
        hello({"refused": f"no sandbox of level {wanted!r} on this machine ({why}): {WAYS_OUT}"})
        return None
    from grader.engine.sandbox.enclosure import wait_and_clean  # needs POSIX

    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # until somebody can clean up after it
    folder, _held = workspace.make()
    hello({"level": level, "workspace": folder})
    os.environ["HOME"] = folder  # for what the imports below write: font cache, profile
    enclosure = _enclosure(level, capabilities, folder)
    if pid := enclosure.settle():
        wait_and_clean(enclosure, pid)
        os._exit(0)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    return enclosure


def _enclosure(level: str, capabilities: Capabilities, folder: str) -> Enclosure:
    if level == FULL:
        from grader.engine.sandbox.namespaces import Namespaces

        privileged, fresh_proc = (
            capabilities.works(primitives.PRIVILEGED),
            capabilities.works(primitives.PROC),
        )
        return Namespaces(folder, privileged=privileged, fresh_proc=fresh_proc)
    if level == NO_NAMESPACES:
        from grader.engine.sandbox.no_namespaces import NoNamespaces

        return NoNamespaces(folder, own_user=capabilities.own_users)
    from grader.engine.sandbox.enclosure import Enclosure

    return Enclosure(folder)


def _shortcoming(level: str, tried: Capabilities) -> str:
    if level == NO_NAMESPACES:
        return "shared /tmp and process table, guarded by landlock; no terminals, no /proc, no shared memory"
    if not tried.works(primitives.LANDLOCK):
        return "without landlock: files are confined by the mount namespace alone"
    return "" if tried.works(primitives.PROC) else "no /proc inside"


if __name__ == "__main__":
    for name, value in describe(probe()):
        print(f"{name:32} {value}")
