"""One confined student process, seen from the trusted side: the stream to it, and how it ended."""

from __future__ import annotations

import contextlib
import json
import socket
from dataclasses import dataclass

from grader.errors import SandboxError

START_SECONDS = 60.0
CLOSE_SECONDS = 5.0


class ZygoteDied(Exception):
    """The warm process is gone or does not answer: our machine's fault, never the student's."""


class Disturbance(Exception):
    """Something ended or held up a student process that may not be the student's doing: to be repeated."""


@dataclass(frozen=True)
class SubmissionUse:
    """What a submission used since some moment: CPU seconds of all its processes, seconds that it lost while
    no processor was free or nothing ran at all; whether a process of it computes now or would like to;
    whether one is stopped; whether its memory came near the limit."""

    cpu_seconds: float
    lost_seconds: float
    busy: bool
    stopped: bool
    near_memory: bool


@dataclass(frozen=True)
class Ending:
    """How a student process ended; exactly one of `exit_code` and `signal` is not None.

    `cpu_seconds` counts all its processes, `peak_mb` is their largest total seen. `why` names the limit that
    ended it ("memory", "wall", "cpu", "processes", "disk"), "killed" for our own kill, or is empty.
    `near_memory`: they came near the limit of memory.
    """

    exit_code: int | None
    signal: int | None
    cpu_seconds: float
    peak_mb: float
    why: str = ""
    near_memory: bool = False


class StudentProcess:
    """One confined process; as a context manager it leaves nothing running behind.

    `sock` is our end of the stream to `grader.engine.student.main.serve`.
    """

    def __init__(self, sock: socket.socket, status: socket.socket):
        self.sock, self._status = sock, status
        self._unread = b""
        self._memory_kills = 0
        self._ending: Ending | None = None

    def __enter__(self) -> StudentProcess:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    @property
    def over_memory(self) -> int:
        """How often the watchdog killed a process of this submission for the total memory, so far."""
        while self._ending is None and (event := self._event(0.0)):
            self._note(event)
        return self._memory_kills

    def use(self, since: float) -> SubmissionUse | None:
        """What it used since that moment (time.monotonic); None when it has ended. Raises ZygoteDied."""
        with contextlib.suppress(OSError):
            self._status.sendall(f"{since}\n".encode())
        while self._ending is None:
            event = self._event(START_SECONDS)
            if event is None:
                raise ZygoteDied("the warm process does not answer")
            if "stopped" in event:
                return SubmissionUse(**event)
            self._note(event)
        return None

    def kill(self) -> None:
        """Kill every process of the submission; `wait` then tells the ending."""
        with contextlib.suppress(OSError):
            self._status.shutdown(socket.SHUT_WR)

    def wait(self, timeout: float | None = None) -> Ending:
        """The ending; TimeoutError when it still runs, ZygoteDied when nobody is left to tell."""
        while self._ending is None:
            event = self._event(timeout)
            if event is None:
                raise TimeoutError("the student process still runs")
            self._note(event)
        return self._ending

    def close(self) -> None:
        """Kill what is left and wait until it is gone."""
        self.kill()
        with contextlib.suppress(ZygoteDied, TimeoutError):
            self.wait(CLOSE_SECONDS)
        self.sock.close()
        self._status.close()

    def wait_ready(self) -> None:
        """Return when the sandbox stands; SandboxError when it could not be built, Disturbance when the
        process ended before: no student's code has run in it."""
        event = self._event(START_SECONDS)
        if event is None:
            raise ZygoteDied("no student process within the time limit")
        if "failed" in event:
            raise SandboxError(f"the sandbox could not be built: {event['failed']}")
        if not event.get("ready"):
            raise Disturbance(f"a student process was ended (signal {event['signal']}) before it began")

    def _note(self, event: dict) -> None:
        if "memory_kill" in event:
            self._memory_kills += 1
        else:
            self._ending = Ending(**event)

    def _event(self, timeout: float | None) -> dict | None:
        """The next line of the status channel, None when none came in time."""
        while b"\n" not in self._unread:
            self._status.settimeout(timeout)
            try:
                data = self._status.recv(4096)
            except (TimeoutError, BlockingIOError):
                return None
            except OSError as error:
                raise ZygoteDied(str(error)) from error
            if not data:
                raise ZygoteDied("the warm process is gone")
            self._unread += data
        line, _, self._unread = self._unread.partition(b"\n")
        return json.loads(line)
