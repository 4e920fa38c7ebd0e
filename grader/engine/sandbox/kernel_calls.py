"""The kernel's own interface, by ctypes: what Python 3.11 lacks of namespaces, mounts and capabilities.

Every function raises OSError with the call's name. Constants are those of the kernel's headers.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x20000, 0x4000000, 0x8000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 32, 4096, 16384, 1 << 18
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 24, 36, 38

_MNT_DETACH = 2
_OPEN_TREE_CLONE, _AT_RECURSIVE, _AT_EMPTY_PATH, _MOVE_MOUNT_F_EMPTY_PATH = 1, 0x8000, 0x1000, 4
_MOUNT_ATTR_RDONLY, _MOUNT_ATTR_NOSUID, _MOUNT_ATTR_NODEV = 1, 2, 4
_CAPABILITY_VERSION_3 = 0x20080522

MACHINE = {"x86_64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}.get(platform.machine(), "")
_NUMBERS = {  # (x86_64, arm64)
    "capset": (126, 91),
    "pivot_root": (155, 41),
    "seccomp": (317, 277),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "mount_setattr": (442, 442),
    "landlock_create_ruleset": (444, 444),
    "landlock_add_rule": (445, 445),
    "landlock_restrict_self": (446, 446),
}
_libc = ctypes.CDLL(None, use_errno=True)


def syscall(name: str, *arguments: int | bytes | ctypes.Array | None) -> int:
    """A system call by name: ints are passed as they are, bytes as a pointer to them."""
    number = _NUMBERS[name][MACHINE == "arm64"]
    converted = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return _checked(_libc.syscall(ctypes.c_long(number), *converted), name)


def unshare(flags: int) -> None:
    _checked(_libc.unshare(flags), "unshare")


def setns(fd: int, kind: int) -> None:
    _checked(_libc.setns(fd, kind), "setns")


def prctl(option: int, value: int = 0) -> None:
    _checked(_libc.prctl(option, *(ctypes.c_ulong(v) for v in (value, 0, 0, 0))), f"prctl({option})")


def mount(source: str | None, target: str, kind: str | None, flags: int, options: str = "") -> None:
    encoded = [None if text is None else os.fsencode(text) for text in (source, target, kind)]
    result = _libc.mount(*encoded, ctypes.c_ulong(flags), options.encode() or None)
    _checked(result, f"mount {kind or ''} on {target}")


def unmount(target: str) -> None:
    _checked(_libc.umount2(os.fsencode(target), _MNT_DETACH), "umount2")


def copy_mount(path: str) -> int:
    """A descriptor of a detached copy of the tree at `path`, with all that is mounted below it."""
    flags = _OPEN_TREE_CLONE | _AT_RECURSIVE | os.O_CLOEXEC
    return syscall("open_tree", -100, os.fsencode(path), flags)


def make_read_only(tree: int) -> None:
    """The whole detached tree: no writing, no setuid, no devices."""
    attributes = struct.pack("QQQQ", _MOUNT_ATTR_RDONLY | _MOUNT_ATTR_NOSUID | _MOUNT_ATTR_NODEV, 0, 0, 0)
    syscall("mount_setattr", tree, b"", _AT_EMPTY_PATH | _AT_RECURSIVE, attributes, len(attributes))


def attach_mount(tree: int, target: str) -> None:
    """Attach a detached tree at `target` and close its descriptor."""
    try:
        syscall("move_mount", tree, b"", -100, os.fsencode(target), _MOVE_MOUNT_F_EMPTY_PATH)
    finally:
        os.close(tree)


def pivot_root_here() -> None:
    """Make the current directory, a mount point, the root; the old root is gone."""
    syscall("pivot_root", b".", b".")
    unmount(".")
    os.chdir("/")


def drop_capabilities() -> None:
    """No capability is left, and none can come back."""
    for capability in range(64):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:  # the kernel knows no further one, or we may not (then none is ours)
            break
    syscall("capset", struct.pack("Ii", _CAPABILITY_VERSION_3, 0), bytes(24))


def _checked(result: int, name: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result
