"""The trusted side of the warm process: start it, ask it for student processes.

A `Zygote` is one warm process for all workers (see `fork_server`); it holds no test, key or grade. Each
`start` forks a student process that confines itself (see `levels`) and then runs
`grader.engine.student.main.serve`.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from grader import shared_data
from grader.engine.sandbox.student_process import CLOSE_SECONDS, START_SECONDS, StudentProcess, ZygoteDied
from grader.engine.wire.channel import connected_pair
from grader.errors import SandboxError
from grader.records import Limits, Surroundings

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
PLAIN = Surroundings()
INHERITED = ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "LD_LIBRARY_PATH", "TMPDIR")


class Zygote:
    """A warm process that turns `start` requests into student processes.

    level: "full", "no-namespaces", "unsafe", or None for the best that confines. "unsafe" is never chosen
    by itself. The process begins at once to get warm; `ready`, or entering the context, waits for it.
    surroundings: the interpreter, the shared data and the modules that its students find.
    """

    def __init__(self, level: str | None = None, surroundings: Surroundings = PLAIN):
        if os.name != "posix":
            raise SandboxError("the grader needs a POSIX system: use a Linux container, or WSL on Windows")
        self._control, theirs = socket.socketpair()
        module, control = "grader.engine.sandbox.fork_server", str(theirs.fileno())
        python = surroundings.python or sys.executable
        command = [python, "-P", "-m", module, control, level or "best"]
        self._process = subprocess.Popen(
            command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, cwd="/", start_new_session=True,
            env=_environment(surroundings),
        )  # fmt: skip
        theirs.close()
        self.wanted, self.level, self.surroundings, self._workspace = level, "", surroundings, ""

    def ready(self) -> Zygote:
        """Itself, warm, and `level` known. Raises SandboxError when this machine cannot provide the level."""
        if not self.level:
            hello = self._answer()
            if "refused" in hello:
                self.close()
                raise SandboxError(hello["refused"])
            self.level, self._workspace = hello["level"], hello["workspace"]
            self.preload(self.surroundings.preload)
        return self

    def among(self, surroundings: Surroundings) -> Zygote:
        """Itself, ready, with the modules of these surroundings; one in its place where the rest differs."""
        if (self.surroundings.python, self.surroundings.data) != (surroundings.python, surroundings.data):
            self.close()
            return Zygote(self.wanted, surroundings).ready()
        self.ready().preload(surroundings.preload)
        return self

    def preload(self, modules: Sequence[str]) -> None:
        """Import these modules in the warm process, so that no student process has to."""
        if modules:
            self._control.sendall(json.dumps(list(modules)).encode())
            self._answer()

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
        if self._workspace:  # where the process that cleans up was killed
            shutil.rmtree(self._workspace, ignore_errors=True)

    def _ready(self, student: StudentProcess) -> StudentProcess:
        try:
            student.wait_ready()
        except BaseException:
            student.close()
            raise
        return student

    def _answer(self) -> dict:
        self._control.settimeout(START_SECONDS)
        line = self._control.makefile("rb").readline()
        self._control.settimeout(None)
        if not line:
            self.close()
            raise ZygoteDied(f"the warm process did not start (exit code {self._process.returncode})")
        return json.loads(line)


def _environment(surroundings: Surroundings) -> dict[str, str]:
    own = ENVIRONMENT | {name: os.environ[name] for name in INHERITED if name in os.environ}
    if surroundings.python:  # another environment, which need not hold the grader
        own["PYTHONPATH"] = str(_engine_alone())
    return own | shared_data.environment(surroundings.data)


@functools.cache
def _engine_alone() -> Path:
    """A folder that holds this package and nothing else of our environment."""
    folder = Path(tempfile.mkdtemp(prefix="grader-engine-"))
    (folder / "grader").symlink_to(Path(__file__).parents[2])
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


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
