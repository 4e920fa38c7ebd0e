"""Work in a process apart comes back with its result, or with what ended it."""

import faulthandler
import os
import signal
import subprocess
import sys
from contextlib import closing
from functools import partial

import pytest
from busy import endless, spin

from grader.apart import apart, each_apart
from grader.bounds import BoundExceeded
from grader.child_process import ProcessKilled


def crash():
    faulthandler.disable()
    os.kill(os.getpid(), signal.SIGSEGV)


def nested():
    return nested()


def test_work_apart_comes_back_with_its_result_or_what_it_raises():
    assert apart(lambda: {"a": [1]}, 5, 100) == {"a": [1]}
    with pytest.raises(ValueError, match="unheard of"):
        apart(partial(int, "unheard of"), 5, 100)


@pytest.mark.parametrize(
    "work, why",
    [
        (endless, "more than 1 s"),
        (partial(spin, 5), "more than 1 s"),
        (lambda: bytearray(200 << 20), "more than 100 MB"),
        (nested, "deeper nesting"),
        (crash, "more than the interpreter can do"),
        (partial(os._exit, 3), "more than the interpreter can do"),
    ],
)
def test_work_apart_ends_at_its_limits_and_its_own_crashes(work, why):
    with pytest.raises(BoundExceeded, match=why):
        apart(work, 1, 100)
    assert len(bytearray(200 << 20)) == 200 << 20


def test_who_stops_listening_leaves_no_process(tmp_path):
    number = tmp_path / "number"

    def busy():
        number.write_text(str(os.getpid()))
        spin(60)

    def wait():
        while not (number.exists() and number.read_text()):
            pass

    with closing(each_apart([("busy", busy), ("wait", wait)], 60, 100, jobs=2)) as works:
        assert next(works) == ("wait", None)
    with pytest.raises(ProcessLookupError):
        os.kill(int(number.read_text()), 0)


INTERRUPTED = """
import os, signal
from grader.apart import apart

forked, fork = [], os.fork

def interrupted():
    if pid := fork():
        forked.append(pid)
        os.kill(os.getpid(), signal.SIGINT)
        sum(range(10_000))  # where Python would tell of it
    return pid

os.fork = interrupted
try:
    apart(signal.pause, 60, 100)
except KeyboardInterrupt:
    try:
        os.kill(*forked, 0)
    except ProcessLookupError:
        print("gone")
"""


def test_a_signal_between_fork_and_note_leaves_no_process(heard):
    """In a process of its own: another thread would take the signal."""
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, timeout=60)
    assert done.stdout == "gone\n", done.stderr


def test_a_process_apart_that_somebody_kills_is_made_again_once(tmp_path):
    def killed(times):
        marks = tmp_path / "tries"
        with marks.open("a") as file:
            file.write("x")
        if marks.stat().st_size <= times:
            os.kill(os.getpid(), signal.SIGKILL)
        return "made"

    assert apart(partial(killed, 1), 5, 100) == "made"
    with pytest.raises(ProcessKilled):
        apart(partial(killed, 9), 5, 100)
