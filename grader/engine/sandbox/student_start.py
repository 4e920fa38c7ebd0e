"""The first moments of a student process, in the forked child: confine it, unpack its files, let it serve."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import random
import signal
import socket
import sys
import traceback
from pathlib import Path

from grader import shared_data
from grader.engine.sandbox.enclosure import Enclosure


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
        os.write(status, line({"ready": True}))
    except BaseException as error:
        os.write(status, line({"failed": f"{type(error).__name__}: {error}"}))
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


def line(message: dict) -> bytes:
    return json.dumps(message).encode() + b"\n"
