"""What this machine has left and what it does to processes: processors, memory, kills for want of memory.

Read from /proc and from the control groups (both versions) that a container's limits are made of. Where
nothing can be read, as on macOS, there is no limit and there was no kill.
"""

from __future__ import annotations

import contextlib
import ctypes
import math
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

MB = 1 << 20
JOB_MB = 300  # that a job takes for itself: the grading process, the judge, a share of the warm process
GROUPS = Path("/sys/fs/cgroup")
_schedules: dict[int, int] = {}  # the descriptor of its schedstat, by the process that opened it
_PR_SET_PDEATHSIG = 1  # of the kernel's headers


def default_jobs(memory_mb: float) -> int:
    """How many submissions to grade at once, each of which may use so much memory: one on each processor, as
    far as free memory goes."""
    return max(1, min(processors(), int(min(free_mb(), 1e9) // (memory_mb + JOB_MB))))


def processors() -> int:
    """The processors that this process may use, by its affinity and by its control groups' quota."""
    own = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min([own, *map(math.ceil, _quotas())]))


def free_mb() -> float:
    """Memory that can be had without a kill: the machine's, or what the control groups leave of it."""
    lines = (line.split() for line in _read("/proc/meminfo").splitlines())
    machine = [int(parts[1]) / 1024 for parts in lines if parts[0] == "MemAvailable:"]
    return min([*machine, *_room_mb()], default=math.inf)


def memory_kills() -> int:
    """How many processes the kernel has killed for want of memory, as far as we are told."""
    machine = _counter(_read("/proc/vmstat"), "oom_kill")
    return machine + sum(
        _counter(_read(group / name), "oom_kill")
        for group in _groups("memory")
        for name in ("memory.events", "memory.oom_control")
    )


def die_with(parent: int) -> None:
    """From now on this process is killed when the one that started it ends, however that ends."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL))
        if os.getppid() != parent:
            os._exit(1)


def starved_seconds() -> float:
    """How long this process, ready to run, has waited for a processor so far."""
    pid = os.getpid()
    try:
        if pid not in _schedules:  # kept open: it is asked for before each cell and each test
            _schedules[pid] = os.open("/proc/self/schedstat", os.O_RDONLY)
        return delay(os.pread(_schedules[pid], 100, 0).decode())
    except OSError:
        return 0.0


def cpu_seconds(pid: int) -> float:
    """The CPU time that a process has used; 0 when it is gone."""
    fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def delay(schedstat: str) -> float:
    """Seconds of waiting for a processor, out of the text of a /proc/…/schedstat; 0 where there is none."""
    fields = schedstat.split()
    return int(fields[1]) / 1e9 if len(fields) > 1 else 0.0


def _quotas() -> list[float]:
    """Processors granted by each control group that grants a number of them."""
    files = (("cpu.max",), ("cpu.cfs_quota_us", "cpu.cfs_period_us"))
    texts = [" ".join(_read(group / name) for name in names) for group in _groups("cpu") for names in files]
    pairs = [text.split() for text in texts]
    return [int(pair[0]) / int(pair[1]) for pair in pairs if len(pair) == 2 and pair[0].isdigit()]


def _room_mb() -> Iterator[float]:
    """What each control group leaves of its limit; files in its cache can be dropped."""
    for group in _groups("memory"):
        for limit, usage, cache in (
            ("memory.max", "memory.current", "inactive_file"),
            ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
        ):
            texts = _read(group / limit).strip(), _read(group / usage).strip()
            if all(text.isdigit() for text in texts):
                dropped = _counter(_read(group / "memory.stat"), cache)
                yield (int(texts[0]) - int(texts[1]) + dropped) / MB


def _groups(controller: str) -> Iterator[Path]:
    """The folders of the control groups that this process is in, with those above them."""
    for line in _read("/proc/self/cgroup").splitlines():
        _number, controllers, path = line.split(":", 2)
        if controllers and controller not in controllers.split(","):
            continue
        root = GROUPS / controller if controllers else GROUPS
        inner = PurePosixPath(path.lstrip("/"))
        yield from (root / part for part in (inner, *inner.parents) if (root / part).is_dir())


def _counter(text: str, name: str) -> int:
    """The number behind `name` in lines of "name number"; 0 where it is not there."""
    for line in text.splitlines():
        parts = line.split()
        if len(parts) == 2 and parts[0] == name and parts[1].isdigit():
            return int(parts[1])
    return 0


def _read(path: Path | str) -> str:
    """A small text, without the layers of a text file: they take longer than the kernel takes to write it."""
    with contextlib.suppress(OSError, UnicodeDecodeError), open(path, "rb", buffering=0) as file:
        return file.read().decode()
    return ""
