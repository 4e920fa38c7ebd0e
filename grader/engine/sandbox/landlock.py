"""Landlock: this process and its children keep to the listed paths, without TCP, signals to others, or
abstract sockets, as far as the kernel's version of the interface (its ABI) knows them.

Source: Documentation/userspace-api/landlock.rst of the kernel.
"""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Iterable

from grader.engine.sandbox.kernel_calls import syscall

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_TRUNCATE, _IOCTL_DEV = 1 << 14, 1 << 15
_FIRST_RIGHTS = (1 << 13) - 1  # those of ABI 1; each of ABI 2, 3 and 5 added one
_READING = _EXECUTE | _READ_FILE | _READ_DIR
_OF_A_FILE = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_BIND_AND_CONNECT_TCP = 3
_ABSTRACT_SOCKETS_AND_SIGNALS = 3
_VERSION, _PATH_BENEATH = 1, 1
SIGNALS_ABI = 6


def abi() -> int:
    """The kernel's landlock version, 0 when it has none."""
    try:
        return syscall("landlock_create_ruleset", None, 0, _VERSION)
    except (OSError, KeyError):
        return 0


def restrict(
    readable: Iterable[str], writable: Iterable[str], exact: Iterable[str] = (), *, connects: bool = False
) -> None:
    """Confine this process for good to reading and executing below `readable`, anything below `writable`; of
    `exact` files are read and folders listed, and no file below these is read.

    Needs no_new_privs or CAP_SYS_ADMIN; a path that cannot be reached anyway is left out.
    connects: whether it may speak TCP.
    """
    version = abi()
    rights, network = _rights(version), 0 if connects else _BIND_AND_CONNECT_TCP
    ruleset = _create(version, rights, network, _ABSTRACT_SOCKETS_AND_SIGNALS)
    for paths, allowed in ((readable, _READING), (writable, rights)):
        for path in paths:
            _allow(ruleset, path, allowed)
    for path in exact:
        _allow(ruleset, path, _READ_DIR if os.path.isdir(path) else _READ_FILE)
    syscall("landlock_restrict_self", ruleset, 0)
    os.close(ruleset)


def _rights(version: int) -> int:
    return (
        _FIRST_RIGHTS | (1 << 13) * (version >= 2) | _TRUNCATE * (version >= 3) | _IOCTL_DEV * (version >= 5)
    )


def _create(version: int, rights: int, network: int, scoped: int) -> int:
    network, scoped = network * (version >= 4), scoped * (version >= SIGNALS_ABI)
    size = 8 if version < 4 else 16 if version < SIGNALS_ABI else 24
    return syscall("landlock_create_ruleset", struct.pack("QQQ", rights, network, scoped), size, 0)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(fd).st_mode):
            rights &= _OF_A_FILE
        syscall("landlock_add_rule", ruleset, _PATH_BENEATH, struct.pack("<Qi", rights, fd), 0)
    finally:
        os.close(fd)
