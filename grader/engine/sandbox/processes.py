"""What /proc tells of other processes: who belongs to whom, and what they use. Holds its own view of /proc.

The view is opened once, on the machine's own /proc, and stays good after the root has changed. Process
numbers are those of that view; `number` translates. Without a /proc (macOS) everything reads as empty.
"""

from __future__ import annotations

import contextlib
import os
import signal

from grader.engine.sandbox.process_use import ProcessUse
from grader.machine import delay

PAGE, CLOCK_TICKS = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_CLK_TCK")
MB = 1 << 20


class Processes:
    """Reads /proc through one descriptor, `fd` (-1 where there is no /proc)."""

    def __init__(self):
        try:
            self.fd = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except FileNotFoundError:
            self.fd = -1

    def close(self) -> None:
        if self.fd >= 0:
            os.close(self.fd)

    def close_descriptors(self, keep: tuple[int, ...]) -> None:
        """Only `keep` and a deaf and mute 0, 1, 2 stay open: a leaked control socket would be a way out."""
        null = os.open(os.devnull, os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(null, fd)
        listed = os.listdir(self.open("self/fd")) if self.fd >= 0 else range(os.sysconf("SC_OPEN_MAX"))
        for fd in {int(name) for name in listed} - {0, 1, 2, *keep}:
            with contextlib.suppress(OSError):
                os.close(fd)

    def open(self, path: str, flags: int = os.O_RDONLY) -> int:
        return os.open(path, flags | os.O_CLOEXEC, dir_fd=self.fd)

    def read(self, path: str) -> str:
        with open(self.open(path), "rb", buffering=0) as file:
            return file.read().decode("utf-8", "replace")

    def write(self, path: str, text: str) -> None:
        if self.fd < 0:
            return
        fd = self.open(path, os.O_WRONLY)
        try:
            os.write(fd, text.encode())
        finally:
            os.close(fd)

    def number(self, pid: int | None = None) -> int:
        """The number in this view of a child of ours, or of ourselves."""
        if self.fd < 0:
            return pid or os.getpid()
        if pid is None:
            return int(os.readlink("self", dir_fd=self.fd))
        handle = os.pidfd_open(pid)
        try:
            lines = self.read(f"self/fdinfo/{handle}").splitlines()
            return next(int(line.split()[1]) for line in lines if line.startswith("Pid:"))
        finally:
            os.close(handle)

    def kill(self, number: int) -> None:
        """SIGKILL to one process, also where its number is not one of our own namespace."""
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            folder = self.open(str(number), os.O_RDONLY | os.O_DIRECTORY)
            try:
                signal.pidfd_send_signal(folder, signal.SIGKILL)
            finally:
                os.close(folder)

    def family(self, number: int) -> list[ProcessUse]:
        """A process and all its descendants, as far as they can be seen."""
        found, waiting = [], [number]
        with contextlib.suppress(OSError, IndexError, ValueError):
            own = _rank(self._stat("self"))  # each time: somebody may reach for `renice`
            while waiting:
                number = waiting.pop()
                with contextlib.suppress(OSError, IndexError, ValueError):
                    found.append(self._usage(number, own))
                    waiting.extend(self._children(number))
        return found

    def _usage(self, number: int, own_rank: tuple[int, int]) -> ProcessUse:
        fields = self._stat(number)
        state, session, tasks, seconds = (
            fields[0],
            int(fields[3]),
            int(fields[17]),
            sum(map(int, fields[11:15])),
        )
        (niceness, policy), (own_niceness, own_policy) = _rank(fields), own_rank
        humble = niceness > own_niceness or policy not in (0, own_policy)
        return ProcessUse(number, session, state, tasks, _resident_mb(fields), seconds / CLOCK_TICKS, humble)

    def _stat(self, number: int | str) -> list[str]:
        """Its state and what follows. The name in parentheses may hold anything, also parentheses."""
        return self.read(f"{number}/stat").rpartition(")")[2].split()

    def delays(self, process: ProcessUse) -> dict[tuple[int, str], float]:
        """(number, thread) -> seconds for which that thread, ready to run, has waited for a processor."""
        waits = {}
        with contextlib.suppress(OSError, ValueError):
            for task in self._tasks(process.number) if process.tasks > 1 else [str(process.number)]:
                waits[process.number, task] = delay(self.read(f"{process.number}/task/{task}/schedstat"))
        return waits

    def own_share_mb(self, number: int) -> float:
        """Resident memory with each shared page divided among those who share it (PSS); 0 when it is gone.

        Where the kernel does not tell the share, all of its resident memory.
        """
        with contextlib.suppress(OSError, ValueError):
            for line in self.read(f"{number}/smaps_rollup").splitlines():
                if line.startswith("Pss:"):
                    return int(line.split()[1]) / 1024
        with contextlib.suppress(OSError, ValueError, IndexError):
            return _resident_mb(self._stat(number))
        return 0.0

    def virtual_bytes(self) -> int:
        """Address space of the calling process."""
        return int(self.read("self/statm").split()[0]) * PAGE if self.fd >= 0 else 0

    def resident_mb(self) -> float:
        """Resident memory of the calling process."""
        return int(self.read("self/statm").split()[1]) * PAGE / MB if self.fd >= 0 else 0.0

    def tasks_of_user(self, user: int) -> int:
        """How many tasks run as `user` on this machine."""
        total = 0
        for name in os.listdir(self.fd):
            with contextlib.suppress(OSError, ValueError):
                if name.isdigit() and os.stat(name, dir_fd=self.fd).st_uid == user:
                    total += int(self._stat(name)[17])
        return total

    def _children(self, number: int) -> list[int]:
        texts = [self.read(f"{number}/task/{task}/children") for task in self._tasks(number)]
        return [int(child) for text in texts for child in text.split()]

    def _tasks(self, number: int) -> list[str]:
        folder = self.open(f"{number}/task", os.O_RDONLY | os.O_DIRECTORY)
        try:
            return os.listdir(folder)
        finally:
            os.close(folder)


def _rank(stat: list[str]) -> tuple[int, int]:
    """Niceness and scheduling policy."""
    return int(stat[16]), int(stat[38])


def _resident_mb(stat: list[str]) -> float:
    return int(stat[21]) * PAGE / MB
