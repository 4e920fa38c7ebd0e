"""Who a confined process is: user namespaces, user ids of its own, and whether such a user finds files."""

from __future__ import annotations

import os
from collections.abc import Iterable

from grader.engine.sandbox import kernel_calls as kernel
from grader.engine.sandbox.processes import Processes

STUDENT_ID = 1000
_FAR_IDS = 0x7000_0000  # no system hands out ids up here; needs all ids to be mapped
_NEAR_IDS, _NEAR_COUNT = 20_000, 40_000  # inside a container with 65,536 ids


def enter_user_namespace(processes: Processes, flags: int = 0, inside: int | None = None) -> None:
    """A new user namespace (and `flags`) in which we alone exist, with id `inside`, by default our own."""
    user, group = os.geteuid(), os.getegid()
    kernel.unshare(kernel.CLONE_NEWUSER | flags)
    processes.write("self/uid_map", f"{user if inside is None else inside} {user} 1")
    processes.write("self/setgroups", "deny")
    processes.write("self/gid_map", f"{group if inside is None else inside} {group} 1")


def lone_user_id(processes: Processes) -> int:
    """A user id that no other live submission has: made of this process's number, which is unique."""
    number = processes.number()
    for candidate in (_FAR_IDS + number, _NEAR_IDS + number % _NEAR_COUNT):
        if any(start <= candidate < start + count for start, count in _mapped_ids(processes)):
            return candidate
    raise PermissionError("no range of user ids is free for submissions")


def become(user: int) -> None:
    """Change to a user and group id for good, without supplementary groups."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def reachable_by_others(paths: Iterable[str]) -> bool:
    """Whether a foreign user may pass through every folder on the way (not so below a home of mode 0700)."""
    for path in paths:
        folder = os.path.realpath(path)
        while folder != "/":
            if os.path.isdir(folder) and not os.stat(folder).st_mode & 0o001:
                return False
            folder = os.path.dirname(folder)
    return True


def _mapped_ids(processes: Processes) -> list[tuple[int, int]]:
    lines = processes.read("self/uid_map").splitlines()
    return [(int(start), int(count)) for start, _, count in (line.split() for line in lines)]
