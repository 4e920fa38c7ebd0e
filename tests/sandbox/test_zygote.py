"""The warm process: what it gives, how endings are told, and that nothing of it stays behind."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from confined import LEVELS, command_lines, inside, require

from grader.answer_key import Surroundings
from grader.engine.judge.student_errors import StudentGone
from grader.engine.sandbox.student_process import ZygoteDied
from grader.engine.sandbox.zygote import Zygote
from grader.errors import SandboxError
from grader.records import Limits


@pytest.fixture(scope="module", params=[*LEVELS, "unsafe"])
def zygote(request):
    require(request.param)
    with Zygote(request.param) as warm:
        yield warm


def ending_of(zygote, code):
    with inside(zygote) as run:
        with pytest.raises(StudentGone):
            run(code)
        return run.student.wait(5)


def processes_below(pid):
    children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True)
    return [int(child) for child in children.stdout.split()]


def eventually(condition, seconds=5.0):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def test_is_the_exit_code_told(zygote):
    ending = ending_of(zygote, "import os; os._exit(3)")
    assert (ending.exit_code, ending.signal, ending.why) == (3, None, "")
    assert 0 < ending.cpu_seconds < 5 and 20 < ending.peak_mb < 300


def test_is_the_signal_of_a_crash_told(zygote):
    ending = ending_of(zygote, "import ctypes; ctypes.string_at(8)")
    assert (ending.exit_code, ending.signal, ending.why) == (None, signal.SIGSEGV, "")


def test_is_our_own_kill_told(zygote):
    with inside(zygote) as run:
        with pytest.raises(TimeoutError):
            run.student.wait(0.05)
        run.student.kill()
        assert run.student.wait(5).why == "killed"
    assert run.student.wait().why == "killed"  # also after the end


def test_do_four_students_run_at_the_same_time(zygote):
    with inside(zygote) as a, inside(zygote) as b, inside(zygote) as c, inside(zygote) as d:
        for number, run in enumerate((a, b, c, d)):
            run(f"x = {number}")
        assert [run("print(x)") for run in (d, a, c, b)] == ["3\n", "0\n", "2\n", "1\n"]


def test_are_files_laid_out_in_the_working_directory(zygote):
    files = {"a.txt": b"1", "deep/er/b.bin": bytes(range(256)), "empty": b"", "ü mlaut.txt": "ü".encode()}
    with inside(zygote, files) as run:
        assert (
            run("print(open('a.txt').read(), open('empty').read(), open('ü mlaut.txt').read())") == "1  ü\n"
        )
        assert run("print(open('deep/er/b.bin', 'rb').read() == bytes(range(256)))") == "True\n"


def test_is_a_file_that_no_disk_takes_left_out(zygote):
    with inside(zygote, {"x" * 300: b"", "a": b"", "a/b": b"", "fine": b"yes"}) as run:
        assert run("import os; print(sorted(os.listdir()))") == "['a', 'fine']\n"


@pytest.mark.parametrize("name", ["../out", "/etc/out", "a/../../out", "a\0b"])
def test_is_a_name_that_leaves_the_directory_refused(zygote, name):
    with pytest.raises(ValueError, match="leaves the working directory"):
        zygote.start({name: b""}, Limits())


def test_is_the_warm_process_single_threaded(zygote):
    (warm,) = processes_below(zygote.pid)
    assert os.listdir(f"/proc/{warm}/task") == [str(warm)]


def test_is_the_death_of_the_warm_process_an_error_of_ours(zygote):
    with Zygote(zygote.level) as doomed, inside(doomed) as run:
        (warm,) = processes_below(doomed.pid)
        os.kill(warm, signal.SIGKILL)
        with pytest.raises(ZygoteDied):
            run.student.wait(5)
        with pytest.raises(ZygoteDied):
            doomed.start({}, Limits())
    with Zygote(zygote.level) as next_one, inside(next_one) as run:
        assert run("print(1)") == "1\n"


@pytest.mark.parametrize("line", ["exit 1", "exec sleep 60"])
def test_is_a_warm_process_that_does_not_start_a_sandbox_that_is_not_there(tmp_path, monkeypatch, line):
    monkeypatch.setattr("grader.engine.sandbox.zygote.START_SECONDS", 0.2)
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\n{line}\n")
    python.chmod(0o755)
    with pytest.raises(SandboxError, match="did not start"):
        Zygote(None, Surroundings(python=str(python))).ready()


def test_does_nothing_stay_behind_when_the_grader_is_killed(zygote, tmp_path):
    """Neither what a student started nor a folder."""
    grader = textwrap.dedent(f"""
        import sys, time
        sys.path.insert(0, {str(Path(__file__).parents[1])!r})
        from confined import inside
        from grader.engine.sandbox.zygote import Zygote
        with Zygote({zygote.level!r}) as zygote, inside(zygote) as run:
            run("import subprocess; subprocess.Popen(['sleep', '7654.321'])")
            print("ready", flush=True)
            time.sleep(60)
    """)
    there = os.environ | {"TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", grader]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=there) as process:
        assert process.stdout.readline() == "ready\n"
        assert any("7654.321" in line for line in command_lines()) and os.listdir(tmp_path)
        process.kill()
    assert eventually(lambda: not any("7654.321" in line for line in command_lines()))
    assert eventually(lambda: not os.listdir(tmp_path))


def test_does_nothing_stay_behind_when_the_grader_is_killed_while_it_starts(zygote, tmp_path):
    there = os.environ | {"TMPDIR": str(tmp_path)}
    program = f"from grader.engine.sandbox.zygote import Zygote; Zygote({zygote.level!r})"
    command = [sys.executable, "-c", program]
    for seconds in (0.1, 0.2, 0.3, 0.4):
        with subprocess.Popen(command, env=there, stderr=subprocess.DEVNULL) as process:
            time.sleep(seconds)
            process.kill()
    assert eventually(lambda: not os.listdir(tmp_path))


def test_is_an_unknown_level_refused():
    with pytest.raises(SandboxError, match="there is no level 'half'"):
        Zygote("half").ready()


def test_is_unsafe_never_chosen_by_itself():
    with Zygote() as zygote:
        assert zygote.level in LEVELS


PICTURES = """
import sys
assert {"imageio.v3", "imageio.plugins.pillow"} <= sys.modules.keys()
import numpy as np
from cs231nlib.utils import imread, imsave
noise = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)
imsave("noise.png", noise)
assert np.array_equal(imread("noise.png"), noise)
"""


def test_pictures_are_read_and_written_by_what_is_already_loaded(zygote):
    with inside(zygote) as run:
        assert run(PICTURES) == ""
