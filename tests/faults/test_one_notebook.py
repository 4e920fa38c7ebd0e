"""A process of a grading is killed, stopped or starved: the marks are those of an undisturbed run.

The student's own doing, a sleep, a loop, a kill of the own process, costs what it always did.
"""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest
from disturb import children, kill, meanwhile, send, stop_for, students, trials
from grade_command import descendants
from questions import FOLDER, answer_key, submission

from grader.engine.execute import execute
from grader.engine.judge.client import Judges
from grader.engine.sandbox.zygote import Zygote
from grader.records import Limits, Status

INSTRUCTOR = (FOLDER / "instructor.py").read_text()
LIMITS = Limits(cell_seconds=1.0, notebook_seconds=20.0, memory_mb=400)
FULL = {"test_relu": 3, "test_scale": 2, "test_counter": 2}
BURN = """
import time
def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
"""
SLOW = f"# %% solution relu{BURN}burn(0.8)\ndef relu(x):\n    return np.maximum(x, 0)"
SLOW_CALL = f"# %% solution scale{BURN}def scale(f, x):\n    burn(0.3)\n    return 2 * f(x)"


@pytest.fixture(scope="module")
def judges():
    with Judges(answer_key(INSTRUCTOR)) as judges:
        talk, _pid, _problem = judges.of("nb").start_trial()  # it is warm when this is answered
        talk.sock.close()
        yield judges


@pytest.fixture
def run(zygote, judges):
    def run(text, limits=LIMITS):
        return execute(zygote, judges, "nb", submission(INSTRUCTOR, text), limits)

    return run


def points(ran):
    return {name: verdict.points for name, verdict in ran.verdicts.items()}


def test_everything_is_stopped_for_a_while(run, zygote):
    """As when a laptop is closed or a container is paused: nothing runs, the clock goes on."""
    rest = lambda: [*trials(), zygote.pid, *children(zygote.pid)]  # noqa: E731
    with meanwhile(lambda: students(zygote), stop_for(2.5, rest), after=0.3):
        ran = run(SLOW)
    assert points(ran) == FULL
    assert ran.seconds > 2.5


@pytest.mark.parametrize("text", [SLOW, SLOW_CALL])
def test_a_student_process_is_stopped_by_somebody(run, zygote, text):
    with meanwhile(lambda: students(zygote), stop_for(2.5), after=0.2):
        ran = run(text)
    assert points(ran) == FULL


def test_the_judge_is_stopped_for_a_while(run, zygote):
    with meanwhile(trials, stop_for(2.5), after=0.3):
        ran = run(SLOW_CALL)
    assert points(ran) == FULL
    assert ran.seconds > 2.5


def test_the_judge_is_stopped_for_longer_than_it_could_compute(run, monkeypatch):
    monkeypatch.setattr("grader.engine.judge_clock.GRACE_SECONDS", 0.0)
    with meanwhile(trials, stop_for(4.0), after=0.3):
        ran = run(SLOW_CALL)
    assert points(ran) == FULL


def test_a_judge_that_never_goes_on_is_given_up(run, monkeypatch):
    monkeypatch.setattr("grader.engine.judge_clock.GRACE_SECONDS", 0.0)
    with meanwhile(trials, lambda pids: send(pids, signal.SIGSTOP), after=0.3):
        ran = run(SLOW_CALL, Limits(cell_seconds=0.7))
    assert points(ran) == FULL


@contextmanager
def busy_machine():
    """Others take the processors: the student's code gets a small part of one."""
    burner = [sys.executable, "-c", "while True: pass"]
    burners = [subprocess.Popen(burner, start_new_session=True) for _ in range(8)]
    try:
        yield
    finally:
        for process in burners:
            process.kill()
            process.wait()


def test_no_processor_is_free(run):
    with busy_machine():
        ran = run(SLOW, Limits(cell_seconds=1.0, notebook_seconds=3.0))
    assert points(ran) == FULL
    assert ran.seconds > 1.5


def test_no_processor_is_free_for_whoever_grades_with_nice(judges):
    """The student's process did not choose to be humble: we are, too."""
    with Zygote() as zygote:
        for process in [zygote.pid, *descendants(zygote.pid)]:
            os.setpriority(os.PRIO_PROCESS, process, 5)
        execute(zygote, judges, "nb", submission(INSTRUCTOR, ""), LIMITS)  # it is warm now
        with busy_machine():
            ran = execute(zygote, judges, "nb", submission(INSTRUCTOR, SLOW), LIMITS)
    assert points(ran) == FULL
    assert ran.seconds > 1.5


@pytest.mark.parametrize(
    "way", ["time.sleep(60)", "burn(60)", "all(lock.acquire() for lock in 2 * [Lock()])"]
)
def test_waiting_and_computing_cost_the_student(run, way):
    answer = f"{BURN}from threading import Lock\ndef scale(f, x):\n    {way}\n    return 2 * f(x)"
    ran = run(f"# %% solution scale{answer}")
    assert points(ran) == FULL | {"test_scale": 0}
    assert ran.verdicts["test_scale"].status is Status.TIMED_OUT
    assert ran.seconds < 12


def test_a_student_process_is_killed_once(run, zygote):
    with meanwhile(lambda: students(zygote), kill, after=0.3):
        ran = run(SLOW)
    assert (ran.status, points(ran)) == (Status.COMPLETED, FULL)


def test_a_student_process_is_killed_before_it_is_ready(run, zygote):
    with meanwhile(lambda: students(zygote), kill):
        ran = run("")
    assert (ran.status, points(ran)) == (Status.COMPLETED, FULL)


def test_all_student_processes_are_killed_before_they_are_ready(run, zygote):
    with meanwhile(lambda: students(zygote), kill, times=1000):
        ran = run("")
    assert ran.status is Status.NOT_GRADED and not ran.verdicts


COPY = f"# %% extra scale{BURN}burn(0.3)\n"  # worth a copy that stands by: the test meets process 2, not 1


@pytest.mark.parametrize("extra", ["", COPY])
@pytest.mark.parametrize("end", ["os.kill(os.getpid(), 9)", "os._exit(0)", "ctypes.string_at(8)"])
def test_whoever_ends_the_own_process_earns_nothing_for_it(run, extra, end):
    if "kill" in end and not extra:
        pytest.skip("the first process of a namespace does not hear its own SIGKILL")
    answer = f"import ctypes, os\ndef relu(x):\n    {end}\n    return np.maximum(x, 0)"
    ran = run(f"{extra}# %% solution relu\n{answer}")
    assert points(ran) == FULL | {"test_relu": 0}
    assert ran.verdicts["test_relu"].status in (Status.DIED, Status.TIMED_OUT)


def test_whoever_stops_the_own_process_earns_nothing_for_it(run):
    answer = "import os\ndef relu(x):\n    os.kill(os.getpid(), 19)\n    return np.maximum(x, 0)"
    ran = run(f"{COPY}# %% solution relu\n{answer}")
    assert points(ran) == FULL | {"test_relu": 0}


def test_the_judge_is_killed_once(run):
    with meanwhile(trials, kill, after=0.3):
        ran = run(SLOW_CALL)
    assert (ran.status, points(ran)) == (Status.COMPLETED, FULL)


def test_the_judge_is_killed_again_and_again(run):
    with meanwhile(trials, kill, times=1000, after=0.2):
        ran = run(SLOW_CALL)
    assert ran.status is Status.NOT_GRADED
    assert "the judge's process was killed" in ran.detail
