"""The file tree students see: a read-only view of the system and the Python environment, and nothing else.

Built once in the warm process, which then lives in it; each student process adds its private /tmp and /proc.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import os
import sys
from importlib.metadata import distributions

from grader import shared_data
from grader.engine.sandbox import kernel_calls as kernel

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts")
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
WRITABLE = ("/tmp", "/dev/pts", *DEVICES)
INODES = 16_384
_QUIET = kernel.MS_NOSUID | kernel.MS_NODEV
_PASSWD = "root:x:0:0::/:/bin/sh\nstudent:x:1000:1000::/tmp:/bin/sh\n"


def environment_paths() -> list[str]:
    """Where the interpreter and its packages are, and the course's shared data."""
    installed = [p for p in sys.path if os.path.basename(p) in ("site-packages", "dist-packages")]
    prefixes = [sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix]
    return [*prefixes, *installed, *editable_packages(), *shared_data.paths()]


@functools.cache
def editable_packages() -> tuple[str, ...]:
    """Of editable installs the folders of their packages, never what lies beside these."""
    records = [
        dist for dist in distributions() if '"editable": true' in (dist.read_text("direct_url.json") or "")
    ]
    names = {name for dist in records for name in (dist.read_text("top_level.txt") or "").split()}
    specs = [spec for name in sorted(names) if (spec := importlib.util.find_spec(name))]
    return tuple(place for spec in specs for place in spec.submodule_search_locations or ())


class RootTree:
    """The tree, under construction at `root` (an empty directory) until `enter`."""

    def __init__(self, root: str, *, fresh_proc: bool):
        self.root, self.fresh_proc = root, fresh_proc
        self.exposed: list[str] = []

    def build(self) -> None:
        """Mount it, in a mount namespace of this process's own."""
        os.mkdir(self.root)
        kernel.mount(None, "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
        kernel.mount("tmpfs", self.root, "tmpfs", _QUIET, "size=1m,mode=755")
        for folder in ("tmp", "proc", "dev/pts", "etc"):
            os.makedirs(self.root + "/" + folder, exist_ok=True)
        for path in sorted(
            {os.path.normpath(p) for p in [*SYSTEM, *environment_paths()] if os.path.exists(p)}
        ):
            self.expose(path)
        for path in DEVICES:
            self._attach(path, read_only=False)
        for link, target in (("shm", "/tmp/.shm"), ("ptmx", "pts/ptmx"), ("fd", "/proc/self/fd")):
            os.symlink(target, f"{self.root}/dev/{link}")
        with open(self.root + "/etc/passwd", "w") as file:
            file.write(_PASSWD)
        if self.fresh_proc:  # the kernel allows a student's own only where one can be seen already
            kernel.mount("proc", self.root + "/proc", "proc", _QUIET | kernel.MS_NOEXEC)

    def enter(self) -> None:
        """Make it the root; the machine's own tree is out of reach from here on."""
        os.chdir(self.root)
        kernel.pivot_root_here()
        flags = kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_RDONLY | kernel.MS_NOSUID | kernel.MS_NODEV
        kernel.mount(None, "/", None, flags)

    def expose(self, path: str) -> None:
        """Show `path` read-only; links on the way are repeated, so that either name works inside."""
        here = "/"
        parts = path.strip("/").split("/")
        for index, part in enumerate(parts):
            step = os.path.join(here, part)
            if os.path.islink(step):
                self._repeat_link(step)
                self.expose(os.path.normpath(os.path.join(here, os.readlink(step), *parts[index + 1 :])))
                return
            here = step
        if not self._covered(here):
            self._attach(here, read_only=True)
            self.exposed.append(here)

    def add_private_places(self, disk_bytes: int) -> None:
        """In the student's mount namespace: its /tmp of limited size, its processes' /proc, its terminals."""
        hidden = [(path, kernel.copy_mount(path)) for path in self.exposed if path.startswith("/tmp/")]
        kernel.mount("tmpfs", "/tmp", "tmpfs", _QUIET, f"size={disk_bytes},nr_inodes={INODES},mode=1777")
        for path, tree in hidden:
            os.makedirs(path, exist_ok=True)
            kernel.attach_mount(tree, path)
        if self.fresh_proc:
            kernel.mount("proc", "/proc", "proc", _QUIET | kernel.MS_NOEXEC, "subset=pid")
        with contextlib.suppress(OSError):  # without terminals only pexpect is missed
            options = "newinstance,ptmxmode=0666,mode=600"
            kernel.mount("devpts", "/dev/pts", "devpts", kernel.MS_NOSUID | kernel.MS_NOEXEC, options)

    def _attach(self, path: str, read_only: bool) -> None:
        tree = kernel.copy_mount(path)
        if read_only:
            kernel.make_read_only(tree)
        target = self.root + path
        if os.path.isdir(path):
            os.makedirs(target, exist_ok=True)
        else:
            os.makedirs(os.path.dirname(target), exist_ok=True)
            os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
        kernel.attach_mount(tree, target)

    def _repeat_link(self, link: str) -> None:
        if not self._covered(link) and not os.path.lexists(self.root + link):
            os.makedirs(os.path.dirname(self.root + link), exist_ok=True)
            os.symlink(os.readlink(link), self.root + link)

    def _covered(self, path: str) -> bool:
        return any(path == known or path.startswith(known + "/") for known in self.exposed)
