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
import pwd
import random
import select
import signal
import socket
import sys
import time
import traceback
import warnings
from pathlib import Path

from grader import shared_data
from grader.engine.sandbox import levels
from grader.engine.sandbox.enclosure import Enclosure
from grader.engine.sandbox.processes import MB
from grader.engine.sandbox.timekeeping import TICK_SECONDS, Heartbeat
from grader.engine.sandbox.watchdog import Watched

REQUEST_BYTES = 4096
PRELOAD = (
    "numpy.random",
    "numpy.testing",
    "matplotlib.pyplot",
    "matplotlib.animation",
    "matplotlib.backends.backend_agg",
    "matplotlib_inline.backend_inline",
    "IPython.core.interactiveshell",
    "IPython.display",
    "PIL.Image",
    "PIL.PngImagePlugin",
    "imageio.v3",
    "imageio.plugins.pillow",
)


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


def preload() -> None:
    """Import what students use; a module that is not installed is left out."""
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # a debugger costs half of the shell's start
    os.environ |= font_list()
    for name in PRELOAD:
        with contextlib.suppress(ModuleNotFoundError):
            importlib.import_module(name)
    importlib.import_module("grader.engine.student.main").warm()
    os.environ.pop("XDG_CACHE_HOME", None)
    if matplotlib := sys.modules.get("matplotlib"):
        vars(matplotlib)["get_cachedir"] = matplotlib.get_configdir  # it would go on naming the user's home
    sys.dont_write_bytecode, os.environ["PYTHONDONTWRITEBYTECODE"] = True, "1"  # from here on for students


def font_list() -> dict[str, str]:
    """Where Matplotlib keeps its list of fonts, which takes longer to make than the rest of it to import.

    A home of our own (see `levels.settle`) keeps the user's settings out; the list may be the user's.
    """
    with contextlib.suppress(KeyError):  # a container's user may have no name
        home = pwd.getpwuid(os.geteuid()).pw_dir
        if os.access(home, os.W_OK):
            return {"XDG_CACHE_HOME": os.path.join(home, ".cache")}
    return {}


class ForkServer:
    """The loop: requests in, student processes out, their endings reported on each one's status socket."""

    def __init__(self, control: int, enclosure: Enclosure):
        self.control, self.enclosure = control, enclosure
        self.base_mb = enclosure.processes.resident_mb()
        self.students: dict[int, Watched] = {}
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

    def hear(self, student: Watched) -> None:
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
            os.write(status, _line({"failed": f"fork: {error}"}))
            return self._close(sock, status, payload)
        if pid == 0:
            run_student(self.enclosure, limits, disk_bytes, sock, status, payload)
        self.students[pid] = Watched(self.enclosure, pid, status, limits, self.base_mb, disk_bytes / MB)
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


def run_student(
    enclosure: Enclosure, limits: dict, disk_bytes: int, sock: int, status: int, payload: int
) -> None:
    """In the forked child: confine, unpack the files, say so, serve. Never returns."""
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        enclosure.confine(limits, disk_bytes, keep=(sock, status, payload))
        unpack(payload)
        shared_data.link()
        reseed()
        os.write(status, _line({"ready": True}))
    except BaseException as error:
        os.write(status, _line({"failed": f"{type(error).__name__}: {error}"}))
        os._exit(1)
    os.close(status)
    try:
        importlib.import_module("grader.engine.student.main").serve(socket.socket(fileno=sock))
    except SystemExit:
        pass
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def unpack(payload: int) -> None:
    """Write the submission's files below the working directory; what the disk refuses is left out."""
    with open(payload, "rb") as stream:
        for name, size in json.loads(stream.readline()):
            data = stream.read(size)
            with contextlib.suppress(OSError):  # too long a name, a file that is also a folder
                os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
                Path(name).write_bytes(data)


def reseed() -> None:
    """Forked children share the parent's random state: give each its own."""
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()


def _say(control: int, message: dict) -> None:
    with contextlib.suppress(BrokenPipeError):  # nobody waits for us any more: the closed socket will tell
        os.write(control, _line(message))


def _line(message: dict) -> bytes:
    return json.dumps(message).encode() + b"\n"


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
