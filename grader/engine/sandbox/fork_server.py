"""The warm process: import everything once, fork a student process per request, watch it, report its end.

Run as `python -m grader.engine.sandbox.fork_server CONTROL_FD LEVEL` by `zygote.Zygote`; ends when the
control socket closes. Single-threaded at every fork. A submission's files and code never pass
through its memory.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
import warnings

from grader.engine.sandbox import levels
from grader.engine.sandbox.enclosure import Enclosure
from grader.engine.sandbox.preload import preload
from grader.engine.sandbox.processes import MB
from grader.engine.sandbox.student_start import line, run_student
from grader.engine.sandbox.timekeeping import TICK_SECONDS, Heartbeat
from grader.engine.sandbox.watchdog import RunningSubmission

REQUEST_BYTES = 4096


def main(control: int, wanted: str) -> None:
    """Serve until the control socket closes."""
    enclosure = levels.settle(wanted, lambda line: _say(control, line))
    if enclosure is None:
        return
    gc.disable()  # what is imported stays
    preload()
    enclosure.enter()
    gc.freeze()
    gc.enable()
    ForkServer(control, enclosure).run()
    os._exit(0)


class ForkServer:
    """The loop: requests in, student processes out, their endings reported on each one's status socket."""

    def __init__(self, control: int, enclosure: Enclosure):
        self.control, self.enclosure = control, enclosure
        self.base_mb = enclosure.processes.resident_mb()
        self.students: dict[int, RunningSubmission] = {}
        self.look, self.heartbeat = 0.0, Heartbeat()  # when to look at them next (time.monotonic)
        self.wake, wake_write = os.pipe()
        os.set_blocking(wake_write, False)
        signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def run(self) -> None:
        while True:
            listening = [self.control, self.wake, *(student.status for student in self.students.values())]
            patience = max(0.0, self.look - time.monotonic()) if self.students else None
            ready, _, _ = select.select(listening, [], [], patience)
            if self.wake in ready:
                os.read(self.wake, 4096)
            self.reap()
            for student in self.students.values():
                if student.status in ready:
                    self.hear(student)
            if time.monotonic() >= self.look:
                self.check()
            if self.control in ready and not self.accept():
                return

    def hear(self, student: RunningSubmission) -> None:
        """The other side asks for the usage since a moment, or closed: then the student process ends."""
        moment = b""
        with contextlib.suppress(ConnectionResetError):
            moment = os.read(student.status, 64)
        if not moment:
            return student.kill("killed")
        self.check()
        student.tell_usage(float(moment))

    def check(self) -> None:
        """A look at every student process."""
        pause = self.heartbeat.pause()
        for student in self.students.values():
            student.check(pause)
        self.look = time.monotonic() + TICK_SECONDS

    def accept(self) -> bool:
        """Fork a student process for the next request; False when the other side is gone."""
        request, fds = b"", list[int]()
        with socket.socket(fileno=os.dup(self.control)) as control, contextlib.suppress(ConnectionResetError):
            request, fds, _, _ = socket.recv_fds(control, REQUEST_BYTES, 3)
        if not request:
            return False
        if not fds:
            self.import_more(json.loads(request))
            return True
        sock, status, payload = fds
        limits = json.loads(request)
        disk_bytes = limits["disk_mb"] * MB + os.fstat(payload).st_size
        try:
            pid = self.enclosure.fork()
        except OSError as error:  # no memory or no process number is left
            os.write(status, line({"failed": f"fork: {error}"}))
            return self._close(sock, status, payload)
        if pid == 0:
            run_student(self.enclosure, limits, disk_bytes, sock, status, payload)
        self.students[pid] = RunningSubmission(
            self.enclosure, pid, status, limits, self.base_mb, disk_bytes / MB
        )
        return self._close(sock, payload)

    @staticmethod
    def _close(*fds: int) -> bool:
        for fd in fds:
            os.close(fd)
        return True

    def import_more(self, modules: list[str]) -> None:
        """What this course's notebooks import, once for all of them; what is not installed is left out."""
        shown, warnings.showwarning = warnings.showwarning, lambda *_, **__: None  # nobody here can mend them
        for name in modules:
            with contextlib.suppress(Exception):
                importlib.import_module(name)
        warnings.showwarning = shown
        importlib.import_module("grader.engine.student.main").note_loaded(modules)
        gc.freeze()
        self.base_mb = self.enclosure.processes.resident_mb()
        _say(self.control, {"imported": len(modules)})

    def reap(self) -> None:
        """Collect every child that ended, orphans too; with a student process ends all it started."""
        with contextlib.suppress(ChildProcessError):
            while (ended := os.wait4(-1, os.WNOHANG))[0]:
                pid, status, usage = ended
                if student := self.students.pop(pid, None):
                    self.enclosure.kill(pid)
                    student.report(os.waitstatus_to_exitcode(status), usage)


def _say(control: int, message: dict) -> None:
    with contextlib.suppress(BrokenPipeError):  # nobody waits for us any more: the closed socket will tell
        os.write(control, line(message))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
