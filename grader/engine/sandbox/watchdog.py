"""Watch a submission from outside, where nothing inside can stop it: wall time, total memory, tasks, disk."""

from __future__ import annotations

import contextlib
import json
import math
import os
import time
from resource import struct_rusage

from grader.engine.sandbox.enclosure import Enclosure
from grader.engine.sandbox.process_use import ProcessUse
from grader.engine.sandbox.processes import MB
from grader.engine.sandbox.timekeeping import Timekeeper

GRACE_SECONDS = 2.0  # the executor's own limit on a notebook comes first
MAX_FILES = 16_384
NEAR = 0.8  # of its own limit of memory: from here on a submission may be killed for its own sake
MAX_KILLS = 50  # for memory; each is told, and nobody may be listening


class RunningSubmission:
    """A running submission, seen from the warm process that forked it.

    pid: its first process. status: where events and the ending are written. base_mb: resident memory of the
    warm process, which every student process starts with. disk_mb: what its folder may hold.
    """

    def __init__(
        self, enclosure: Enclosure, pid: int, status: int, limits: dict, base_mb: float, disk_mb: float
    ):
        self.enclosure, self.pid, self.status, self.limits = enclosure, pid, status, limits
        self.disk_mb = disk_mb
        self.deadline = time.monotonic() + limits["notebook_seconds"] + GRACE_SECONDS
        self.base_mb, self.allowed_mb = base_mb, base_mb + limits["memory_mb"]
        self.near_mb = NEAR * limits["memory_mb"]
        self.first = enclosure.processes.number(pid)
        self.time = Timekeeper(enclosure.processes)
        self.peak_mb, self.why, self._kills = 0.0, "", 0
        self._members: list[ProcessUse] = []  # as they were when last looked at

    def check(self, pause: float) -> None:
        """One look; whatever is over a limit is killed. `pause`: seconds in which nothing ran, of late."""
        self._members = members = self.enclosure.members(self.first)
        self.time.look(members, pause)
        if time.monotonic() > self.deadline + self.time.lost:
            self.kill("wall")
        elif sum(p.tasks for p in members) > self.limits["processes"]:
            self.kill("processes")
        elif self._over_disk():
            self.kill("disk")
        else:
            self._check_memory(members)

    def tell_usage(self, since: float) -> None:
        """Tell the other side what the submission used since then, and lost: a `SubmissionUse`."""
        cpu, lost = self.time.since(since)
        stopped, busy = any(p.stopped for p in self._members), any(p.busy for p in self._members)
        use = {"cpu_seconds": cpu, "lost_seconds": lost, "busy": busy, "stopped": stopped}
        self._tell(use | {"near_memory": self.peak_mb > self.near_mb})

    def kill(self, why: str) -> None:
        """Kill every process of the submission."""
        self.why = self.why or why
        self.enclosure.kill(self.pid)

    def report(self, code: int, usage: struct_rusage) -> None:
        """Tell the other side how it ended, close the channel, delete what is left on disk."""
        why = self.why or ("cpu" if usage.ru_utime + usage.ru_stime > self.limits["notebook_seconds"] else "")
        largest_mb = usage.ru_maxrss / 1024
        ending = {
            "exit_code": code if code >= 0 else None,
            "signal": -code if code < 0 else None,
            "cpu_seconds": usage.ru_utime + usage.ru_stime,
            "peak_mb": max(self.peak_mb, largest_mb),
            "why": why if code < 0 else "",
            "near_memory": max(self.peak_mb, largest_mb - self.base_mb) > self.near_mb,
        }
        self._tell(ending)
        os.close(self.status)
        self.enclosure.clean(self.pid)

    def _check_memory(self, members: list[ProcessUse]) -> None:
        """Kill the largest processes until the rest is within the limit.

        The first one keeps the last good state: when it is too large by itself, that is the end of all.
        """
        mb = {p.number: p.resident_mb for p in members}
        if sum(mb.values()) > self.near_mb:  # counts what processes share several times: look closer
            mb = {number: self.enclosure.processes.own_share_mb(number) for number in mb}
        self.peak_mb = max(self.peak_mb, sum(mb.values()))
        for number in sorted(mb, key=lambda number: mb[number], reverse=True):
            if sum(mb.values()) > self.allowed_mb and number != self.first:
                self.enclosure.processes.kill(number)
                self._kills += 1
                self._tell({"memory_kill": mb.pop(number)})
        if sum(mb.values()) > self.allowed_mb or self._kills > MAX_KILLS:
            self.kill("memory")

    def _over_disk(self) -> bool:
        """Where the folder is on the machine's disk: too much in it, or too many files to count."""
        folder = self.enclosure.folder(self.pid)
        return bool(folder) and disk_use_mb(folder) > self.disk_mb + 1  # folders themselves take some

    def _tell(self, event: dict) -> None:
        with contextlib.suppress(OSError):
            os.write(self.status, json.dumps(event).encode() + b"\n")


def disk_use_mb(folder: str) -> float:
    """Size of all files below `folder`; infinite where we may not look, or beyond MAX_FILES."""
    total, seen, waiting = 0, 0, [folder]
    while waiting and seen <= MAX_FILES:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    seen += 1
                    total += entry.stat(follow_symlinks=False).st_blocks * 512
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except FileNotFoundError:  # gone meanwhile
            continue
        except OSError:  # closed to us, or so deep that its path has no name
            return math.inf
    return math.inf if waiting else total / MB
