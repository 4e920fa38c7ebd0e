"""The kernel's limits on one process. The total of a submission is the watchdog's business."""

from __future__ import annotations

import math
import resource

OPEN_FILES = 256
MB = 1 << 20


def set_limits(limits: dict, *, address_space: int, disk_bytes: int, tasks: int | None) -> None:
    """Lower this process's limits for good.

    address_space: bytes it has mapped already, 0 if unknown; limits["memory_mb"] come on top.
    disk_bytes: the largest file. tasks: processes and threads of its user, None to leave that alone.
    """
    amounts = {
        resource.RLIMIT_CPU: math.ceil(limits["notebook_seconds"]) + 1,
        resource.RLIMIT_FSIZE: disk_bytes,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_CORE: 1,  # 0 would still pipe a core dump to a program of the machine's
        resource.RLIMIT_MEMLOCK: 0,
    }
    if address_space:
        amounts[resource.RLIMIT_AS] = address_space + limits["memory_mb"] * MB
    if tasks is not None:
        amounts[resource.RLIMIT_NPROC] = tasks
    for name, amount in amounts.items():
        _, hard = resource.getrlimit(name)
        amount = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        # The hard limit kills: the first process of a namespace would ignore the soft one's signal.
        resource.setrlimit(name, (amount, amount))
