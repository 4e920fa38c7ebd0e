"""The trusted side of the warm process: start it, ask it for student processes.

A `Zygote` is one warm process for all workers (see `fork_server`); it holds no test, key or grade. Each
`start` forks a student process that confines itself (see `levels`) and then runs
`grader.engine.student.main.serve`.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from grader.answer_key import Surroundings
from grader.engine.sandbox.environment import environment
from grader.engine.sandbox.payload import payload_of
from grader.engine.sandbox.student_process import CLOSE_SECONDS, START_SECONDS, StudentProcess, ZygoteDied
from grader.engine.wire.channel import connected_pair
from grader.errors import SandboxError
from grader.records import Limits

PLAIN = Surroundings()


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
            env=environment(surroundings),
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

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """The process to look at for the memory of the warm process (its own, or its parent's)."""
        return self._process.pid

    def start(self, files: Mapping[str, bytes], limits: Limits) -> StudentProcess:
        """A student process whose working directory holds `files` (relative paths); ready in milliseconds."""
        ours, theirs = connected_pair()
        status, their_status = socket.socketpair()
        payload = payload_of(files)
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
        """What the warm process says next. Raises SandboxError where that is nothing."""
        self._control.settimeout(START_SECONDS)
        with contextlib.suppress(OSError):  # silent for too long, or gone
            if line := self._control.makefile("rb").readline():
                self._control.settimeout(None)
                return json.loads(line)
        self.close()
        raise SandboxError(f"the warm process did not start (exit code {self._process.returncode})")
