"""The trusted side of the warm process: start it, ask it for student processes.

A `Zygote` is one warm process for all workers (see `fork_server`); it holds no test, key or grade. Each
`start` forks a student process that confines itself (see `levels`) and then runs
`grader.engine.student.main.serve`.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict

from grader.engine.sandbox.student_process import CLOSE_SECONDS, START_SECONDS, StudentProcess, ZygoteDied
from grader.engine.wire.channel import connected_pair
from grader.errors import SandboxError
from grader.records import Limits

# All that student code can ever read of an environment, in os.environ and in /proc/self/environ.
ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "HOME": "/nonexistent",
    "USER": "student",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
INHERITED = ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "LD_LIBRARY_PATH", "TMPDIR")


class Zygote:
    """A warm process that turns `start` requests into student processes.

    level: "full", "no-namespaces", "unsafe", or None for the best that confines. "unsafe" is never chosen
    by itself. The process begins at once to get warm; `ready`, or entering the context, waits for it.
    """

    def __init__(self, level: str | None = None):
        if os.name != "posix":
            raise SandboxError("the grader needs a POSIX system: use a Linux container, or WSL on Windows")
        self._control, theirs = socket.socketpair()
        module, control = "grader.engine.sandbox.fork_server", str(theirs.fileno())
        command = [sys.executable, "-P", "-m", module, control, level or "best"]
        self._process = subprocess.Popen(
            command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, env=_environment(), cwd="/",
            start_new_session=True,
        )  # fmt: skip
        theirs.close()
        self.wanted, self.level = level, ""

    def ready(self) -> Zygote:
        """Itself, warm, and `level` known. Raises SandboxError when this machine cannot provide the level."""
        if not self.level:
            hello = self._hello()
            if "refused" in hello:
                self.close()
                raise SandboxError(hello["refused"])
            self.level = hello["level"]
        return self

    def __enter__(self) -> Zygote:
        return self.ready()

    def __exit__(self, *exc_info) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """The process to look at for the memory of the warm process (its own, or its parent's)."""
        return self._process.pid

    def start(self, files: Mapping[str, bytes], limits: Limits) -> StudentProcess:
        """A student process whose working directory holds `files` (relative paths); ready in milliseconds."""
        ours, theirs = connected_pair()
        status, their_status = socket.socketpair()
        payload = _payload(files)
        request = json.dumps(asdict(limits)).encode() + b"\n"
        try:
            fds = [theirs.fileno(), their_status.fileno(), payload]
            socket.send_fds(self._control, [request], fds)
        except OSError as error:
            ours.close()
            status.close()
            raise ZygoteDied(str(error)) from error
        finally:
            theirs.close()
            their_status.close()
            os.close(payload)
        return self._ready(StudentProcess(ours, status))

    def close(self) -> None:
        """End the warm process and every student process it started."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)  # also where a forked child holds a copy
        self._control.close()
        self._process.terminate()
        try:
            self._process.wait(CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _ready(self, student: StudentProcess) -> StudentProcess:
        try:
            student.wait_ready()
        except BaseException:
            student.close()
            raise
        return student

    def _hello(self) -> dict:
        self._control.settimeout(START_SECONDS)
        line = self._control.makefile("rb").readline()
        self._control.settimeout(None)
        if not line:
            self.close()
            raise ZygoteDied(f"the warm process did not start (exit code {self._process.returncode})")
        return json.loads(line)


def _environment() -> dict[str, str]:
    return ENVIRONMENT | {name: os.environ[name] for name in INHERITED if name in os.environ}


def _checked(name: str) -> str:
    if name.startswith("/") or ".." in name.split("/") or "\0" in name:
        raise ValueError(f"a file name leaves the working directory: {name!r}")
    return name


def _payload(files: Mapping[str, bytes]) -> int:
    """A descriptor with an index line and the contents; read only inside the sandbox, never by the zygote.

    The zygote's memory is inherited by later students, so a submission's bytes must not pass through it.
    """
    if hasattr(os, "memfd_create"):
        fd = os.memfd_create("files")
    else:
        with tempfile.TemporaryFile() as file:
            fd = os.dup(file.fileno())
    index = [[_checked(name), len(data)] for name, data in files.items()]
    with open(fd, "wb", closefd=False) as file:
        file.write(json.dumps(index).encode() + b"\n")
        file.writelines(files.values())
    os.lseek(fd, 0, os.SEEK_SET)
    return fd
