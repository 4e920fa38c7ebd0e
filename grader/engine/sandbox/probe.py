"""Try each step of confinement on this Linux machine, each in a child process that is thrown away."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

from grader.engine.sandbox import kernel_calls as kernel
from grader.engine.sandbox import landlock, seccomp
from grader.engine.sandbox.primitives import (
    FILTER,
    LANDLOCK,
    NAMESPACES,
    OPEN_WAY,
    OWN_USER,
    PRIVILEGED,
    PROC,
    SIGNALS,
    TREE,
)
from grader.engine.sandbox.processes import Processes
from grader.engine.sandbox.root_tree import SYSTEM, RootTree, environment_paths
from grader.engine.sandbox.users import become, enter_user_namespace, lone_user_id, reachable_by_others

_ALL = kernel.CLONE_NEWNS | kernel.CLONE_NEWNET | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS


def try_all() -> Iterator[tuple[str, str]]:
    """Pairs of a primitive's name and why it does not work ("" when it does)."""
    if not kernel.MACHINE:
        yield FILTER, f"no table of system calls for {os.uname().machine}"
        return
    yield OWN_USER, (no_user := _try(_own_user))
    yield OPEN_WAY, _try(_open_way)
    why = no_user or _try(_first_process, True, _nothing)  # else a user namespace must do
    yield PRIVILEGED, why
    privileged = not why
    yield NAMESPACES, "" if privileged else _try(_first_process, False, _nothing)
    yield TREE, _try_tree(privileged, fresh_proc=False)
    yield PROC, _try_tree(privileged, fresh_proc=True)
    yield FILTER, _try(_filter)
    version = landlock.abi()
    yield LANDLOCK, _try(_landlock)
    yield SIGNALS, "" if version >= landlock.SIGNALS_ABI else f"version {version} of 6 or more"


def _try(step: Callable, *arguments: Any) -> str:
    """Why `step` fails in a child, "" when it works."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            step(*arguments)
        except BaseException as error:
            os.write(writer, (str(error) or type(error).__name__).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with open(reader, "rb") as stream:
        why = stream.read().decode("utf-8", "replace")
    _, status = os.waitpid(pid, 0)
    return why or (f"the child died of signal {status}" if status else "")


def _first_process(privileged: bool, step: Callable, *arguments: Any) -> None:
    """Run `step` as the first process of new namespaces."""
    if privileged:
        kernel.unshare(_ALL | kernel.CLONE_NEWPID)
    else:
        enter_user_namespace(Processes(), _ALL | kernel.CLONE_NEWPID)
    if why := _try(step, *arguments):
        raise OSError(why)


def _try_tree(privileged: bool, fresh_proc: bool) -> str:
    with tempfile.TemporaryDirectory(prefix="grader-") as workspace:
        tree = RootTree(os.path.join(workspace, "root"), fresh_proc=fresh_proc)
        return _try(_first_process, privileged, _build, tree)


def _nothing() -> None:
    """The first process of a namespace need only come to life."""


def _build(tree: RootTree) -> None:
    tree.build()
    tree.enter()
    tree.add_private_places(1 << 20)
    if os.listdir("/tmp") and not any(path.startswith("/tmp/") for path in tree.exposed):
        raise OSError("the new /tmp is not empty")


def _filter() -> None:
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    seccomp.restrict(shared=True)
    try:
        socket.socket().close()
    except PermissionError:
        return
    raise OSError("installed, but a socket could still be made")


def _landlock() -> None:
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    landlock.restrict(readable=["/usr"], writable=[])
    try:
        os.close(os.open("/proc/self/status", os.O_RDONLY))
    except PermissionError:
        return
    raise OSError("installed, but a file outside could still be read")


def _own_user() -> None:
    become(lone_user_id(Processes()))


def _open_way() -> None:
    if not reachable_by_others([*SYSTEM, *environment_paths()]):
        raise OSError("it or its packages lie below a closed folder")
