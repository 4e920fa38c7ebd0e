"""The command `grader grade` under real signals, locks and disks: marks as undisturbed, ends that are clean.

Each test disturbs a run of the command on a small class and compares the gradebook with an undisturbed one.
"""

import fcntl
import os
import signal
import time
from pathlib import Path

import pytest
from disturb import children, is_judge, send, state
from grade_command import at_work, descendants, is_clean, marks_in, nothing_left, until, words


def test_all_processes_are_stopped_for_a_while(course, start, marks):
    process = start("--jobs", "2")
    at_work(process, course)
    everybody = [*descendants(process.pid), process.pid]
    send(everybody, signal.SIGSTOP)
    everybody += [pid for pid in descendants(process.pid) if pid not in everybody]
    send(everybody, signal.SIGSTOP)
    time.sleep(4)
    send(everybody, signal.SIGCONT)
    text = words(process)
    assert process.returncode == 0, text
    assert marks_in(course) == marks


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_an_end_in_the_middle_is_clean_and_the_next_run_goes_on(course, start, marks, tmp_path, number):
    process = start("--jobs", "2")
    at_work(process, course)
    everybody = descendants(process.pid)
    os.killpg(process.pid, number) if number == signal.SIGINT else os.kill(process.pid, number)
    text = words(process)
    assert process.returncode != 0 and is_clean(text), text
    until(lambda: not any(state(pid) not in "ZX" for pid in everybody), 10)
    if number != signal.SIGKILL:
        assert nothing_left(tmp_path, everybody)
    process = start("--jobs", "2")
    assert (words(process), process.returncode)[1] == 0
    assert marks_in(course) == marks


def worker(main):
    return next(pid for pid in children(main) if not is_judge(pid) and is_like(pid, main))


def is_like(pid, main):
    return Path(f"/proc/{pid}/cmdline").read_bytes() == Path(f"/proc/{main}/cmdline").read_bytes()


def judge(main):
    return next(pid for pid in children(main) if is_judge(pid))


def warm_parent(main):
    return next(pid for pid in children(main) if not is_judge(pid) and not is_like(pid, main))


def warm(main):
    return children(warm_parent(main))[0]


@pytest.mark.parametrize("whom", [worker, judge, warm, warm_parent])
def test_one_process_is_killed(course, start, marks, tmp_path, whom):
    process = start("--jobs", "2")
    at_work(process, course)
    everybody = descendants(process.pid)
    os.kill(whom(process.pid), signal.SIGKILL)
    text = words(process)
    assert (process.returncode, is_clean(text)) == (0, True), text
    assert marks_in(course) == marks
    assert nothing_left(tmp_path, everybody)


def test_a_stopped_judge_does_not_outlive_the_run(course, start, tmp_path):
    process = start("--jobs", "1")
    at_work(process, course)
    stopped = judge(process.pid)
    os.kill(stopped, signal.SIGSTOP)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    until(lambda: state(stopped) in "ZX", 10)


def test_the_next_run_sweeps_what_a_killed_one_left(course, start, tmp_path):
    process = start("--jobs", "1")
    at_work(process, course)
    os.kill(warm_parent(process.pid), signal.SIGKILL)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    left = list((tmp_path / "temporary").glob("grader-*"))
    assert left
    for folder in left:
        os.utime(folder, (0, 0))
    words(start("--force"))
    assert not os.listdir(tmp_path / "temporary")


def test_two_at_once(course, start, marks):
    first = start()
    at_work(first, course)
    os.kill(first.pid, signal.SIGSTOP)
    second = start()
    text = words(second)
    os.kill(first.pid, signal.SIGCONT)
    assert second.returncode == 2 and len(text.split("\n")) <= 5 and is_clean(text), text
    assert f"another grading of this course is at work (process {first.pid} on" in text
    assert (words(first), first.returncode)[1] == 0
    assert marks_in(course) == marks


def test_nothing_to_do(course, start):
    words(start())
    for _ in range(4):
        process = start()
        text = words(process)
        assert process.returncode == 0 and is_clean(text), text


def test_a_lock_ends_with_its_process(course, start):
    """Though workers that were forked from it may outlive it for a moment."""
    process = start()
    at_work(process, course)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    with open(course / "runs" / ".grading", "a") as file:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
