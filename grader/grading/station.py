"""The handle of a process that grades for this one: bytes in, bytes out, one submission after the other.

A worker of a cluster has threads and must not fork; so it starts a station (see `station_process`), which
holds the key, a warm process and judges, and ends when its pipe closes. Little is imported here: the worker
itself grades nothing.
"""

from __future__ import annotations

import subprocess
import sys
from multiprocessing import Pipe

IDLE_SECONDS = 900.0  # without a request: then whoever asked is gone for good
READY_SECONDS = 120.0
END_SECONDS = 2.0
STARTED = b"ready"


class StationSilent(Exception):
    """The station died, or does not answer in time."""


class Station:
    """A station, for one thread at a time; `hello` is STARTED, or a reply that says what it lacks.

    equipment: the key and the limits, pickled. Raises StationSilent.
    """

    def __init__(self, equipment: bytes):
        self._pipe, theirs = Pipe()
        fd = theirs.fileno()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "grader", "station", str(fd)],
            pass_fds=[fd], stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        theirs.close()
        self.hello = self.ask(equipment, READY_SECONDS)

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, request: bytes, seconds: float) -> bytes:
        """The answer to one request, within so many seconds; after silence the station is ended."""
        try:
            self._pipe.send_bytes(request)
            if self._pipe.poll(seconds):
                return self._pipe.recv_bytes()
            silence = StationSilent("the process that grades does not answer")
        except (EOFError, OSError):
            silence = StationSilent("the process that grades died")
        self.close()
        raise silence

    def close(self) -> None:
        """End it and all that it started; a station that hangs is killed."""
        self._pipe.close()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
