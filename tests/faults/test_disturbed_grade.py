"""The command `grader grade` under real signals, locks and disks: marks as undisturbed, ends that are clean.

Each test disturbs a run of the command on a small class and compares the gradebook with an undisturbed one.
"""

import fcntl
import os
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from disturb import children, is_judge, send, state
from small_course import ASSIGNMENT, GOOD, write_class

BURN = "import time\nend = time.process_time() + {}\nwhile time.process_time() < end:\n    pass\n"
ANSWERS = {
    "ada": GOOD,
    "bob": GOOD | {"relu": "def relu(x):\n    return x"},
    "cy": GOOD | {"relu": BURN.format(0.4) + GOOD["relu"]},
    "di": GOOD | {"share": BURN.format(0.3) + "def share(x):\n    return x / x.max()"},
    "eva": {"share": GOOD["share"]},
    **{name: GOOD | {"relu": BURN.format(0.8) + GOOD["relu"]} for name in ("eve", "ezra")},
    "fay": GOOD | {"share": "import os\ndef share(x):\n    os._exit(1)"},
}
LIMITS = "c.Grader.cell_seconds = 1.5\nc.Grader.notebook_seconds = 20\nc.Grader.memory_mb = 400\n"


@pytest.fixture
def course(tmp_path):
    return write_class(tmp_path, LIMITS, ANSWERS)


@pytest.fixture
def start(course, tmp_path, heard):
    """Starts `grader grade` in a session and with a temporary folder of its own; ends what is left of it."""
    processes = []
    (tmp_path / "temporary").mkdir()

    def start(*options, folder=course, **more):
        command = [sys.executable, "-m", "grader", "grade", ASSIGNMENT, "--course-dir", str(folder), *options]
        process = subprocess.Popen(
            command, env=os.environ | {"TMPDIR": str(tmp_path / "temporary")}, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more,
        )  # fmt: skip
        processes.append(process)
        return process

    yield start
    for process in processes:
        send([*descendants(process.pid), process.pid], signal.SIGKILL)
        process.communicate()


@pytest.fixture(scope="module")
def marks(tmp_path_factory):
    """The marks of an undisturbed run."""
    course = write_class(tmp_path_factory.mktemp("undisturbed"), "", ANSWERS)
    command = [sys.executable, "-m", "grader", "grade", ASSIGNMENT, "--course-dir", str(course)]
    subprocess.run(command, check=True, capture_output=True)
    return marks_in(course)


def marks_in(course: Path) -> dict[tuple[str, str], float]:
    """(student, grade_id) -> auto_score, of all that nbgrader would show."""
    query = """SELECT s.student_id, c.name, g.auto_score FROM grade g JOIN base_cell c ON c.id = g.cell_id
               JOIN submitted_notebook n ON n.id = g.notebook_id
               JOIN submitted_assignment s ON s.id = n.assignment_id"""
    with sqlite3.connect(f"file:{course / 'gradebook.db'}?mode=ro", uri=True) as book:
        assert book.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {(student, name): score for student, name, score in book.execute(query)}


def descendants(pid: int) -> list[int]:
    found = children(pid)
    return found + [below for child in found for below in descendants(child)]


def until(condition, seconds=60.0):
    """The first true value of the condition; fails when there is none in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.01)
    raise AssertionError("it did not come about in time")


def at_work(process, course, records=1):
    """Wait until so many submissions are recorded: then the batch is in full swing."""
    until(lambda: len(list((course / "runs").glob("*/*.json"))) >= records or process.poll() is not None)
    assert process.poll() is None, process.communicate()


def words(process) -> str:
    """What the command printed on both channels."""
    return "\n".join(process.communicate(timeout=90))


def is_clean(text: str) -> bool:
    return not re.search(r"Traceback|Error\b.*\n?|Exception", re.sub(r"^grader: .*$", "", text, flags=re.M))


def nothing_left(tmp_path, pids) -> bool:
    return not any(state(pid) not in "ZX" for pid in pids) and not os.listdir(tmp_path / "temporary")


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


def mounted(folder: Path, *options: str):
    done = subprocess.run(["mount", *options, str(folder)], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"NOT TESTED: this machine mounts nothing: {done.stderr.strip()}")


@pytest.fixture
def elsewhere(course, tmp_path):
    """The course on a small disk of its own, for a function that mounts it."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted(place, "-t", "tmpfs", "-o", "size=2m", "none")
    subprocess.run(["cp", "-r", str(course), str(place)], check=True)
    yield place / "course"
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_read_only_course(elsewhere, start):
    subprocess.run(["mount", "-o", "remount,ro", str(elsewhere.parent)], check=True)
    process = start(folder=elsewhere)
    text = words(process)
    assert process.returncode == 2 and text.strip().count("\n") == 0, text
    assert "cannot be written: Read-only file system" in text and "make it writable" in text


def fill(folder: Path, leave: int) -> Path:
    space = os.statvfs(folder)
    path = folder / "ballast"
    path.write_bytes(bytes(max(0, space.f_bavail * space.f_frsize - leave)))
    return path


def test_a_full_disk(elsewhere, start):
    fill(elsewhere.parent, 0)
    process = start(folder=elsewhere)
    text = words(process)
    assert process.returncode == 2 and text.strip().count("\n") == 0, text
    assert "cannot be written: No space left on device" in text and "free some space" in text


def test_a_disk_that_fills_up(elsewhere, start, marks):
    ballast = fill(elsewhere.parent, 200 << 10)
    process = start(folder=elsewhere)
    text = words(process)
    assert process.returncode == 2 and text.strip().count("\n") == 0, text
    assert "free some space" in text
    ballast.unlink()
    process = start(folder=elsewhere)
    assert (words(process), process.returncode)[1] == 0
    assert marks_in(elsewhere) == marks


def test_a_gradebook_that_is_locked_for_a_while(course, start, marks):
    words(start())
    with sqlite3.connect(course / "gradebook.db", isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        process = start("--force")
        time.sleep(6)
        assert process.poll() is None
        other.execute("COMMIT")
    text = words(process)
    assert process.returncode == 0 and is_clean(text), text
    assert marks_in(course) == marks


def test_few_files_and_no_room_for_temporary_ones(course, start, marks, tmp_path):
    few = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))  # noqa: E731
    process = start(preexec_fn=few)
    text = words(process)
    assert process.returncode == 0 and is_clean(text), text
    assert marks_in(course) == marks


def test_a_lock_ends_with_its_process(course, start):
    """Though workers that were forked from it may outlive it for a moment."""
    process = start()
    at_work(process, course)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    with open(course / "runs" / ".grading", "a") as file:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
