"""Run cells inside a student process, for the tests of the sandbox."""

import contextlib
import os
import textwrap
import time

import pytest

from grader.engine.judge.link import Link
from grader.engine.sandbox import levels
from grader.engine.wire.channel import Channel
from grader.records import Limits

LEVELS = ("full", "no-namespaces")
CAPABILITIES = levels.probe()
LIMITS = Limits(memory_mb=256, disk_mb=16, processes=16)


def require(level):
    """Skip, loudly, what this machine cannot do."""
    if why := CAPABILITIES.missing(level):
        pytest.skip(f"NOT TESTED on this machine: level {level}: {why}")


@contextlib.contextmanager
def inside(zygote, files=None, limits=LIMITS, seconds=15.0):
    """Yields a function that runs a cell in a student process and returns what it printed or raised."""
    with zygote.start(files or {}, limits) as student:
        link = Link(Channel(student.sock))

        def run(code: str) -> str:
            link.start_cell(time.monotonic() + seconds)
            _, outputs, _ = link.run_cell(textwrap.dedent(code), 1, 1 << 16)
            return "".join(o.get("text", "") + o.get("ename", "") + o.get("evalue", "") for o in outputs)

        run.student = student
        yield run


def command_lines():
    """The command lines of all processes of this machine."""
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError), open(f"/proc/{name}/cmdline", "rb") as file:
                yield file.read().replace(b"\0", b" ").decode()
