"""The command `grader grade` on disks that are read-only or full, a locked gradebook, too few files."""

import os
import resource
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from grade_command import is_clean, marks_in, words


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


COMMANDS = ("report", "feedback", "similar", "export --to csv --output marks.csv")


def test_a_full_disk_after_grading(elsewhere, start):
    """What gives the marks out says it in one line, and does it all once there is room."""
    process = start("--student", "[ab]*", folder=elsewhere)
    assert (words(process), process.returncode)[1] == 0

    def run(command):
        name, *options = command.split()
        words = [sys.executable, "-m", "grader", name, "ps", *options, "--course-dir", "."]
        return subprocess.run(words, cwd=elsewhere, capture_output=True, text=True)

    ballast = fill(elsewhere.parent, 0)
    for command in COMMANDS:
        done = run(command)
        text = done.stderr.strip()
        assert done.returncode == 2 and "\n" not in text and text.count("No space left on device") == 1, text
        assert "cannot be written" in text and "free some space" in text and ".new-" not in text
    ballast.unlink()
    assert [run(command).returncode for command in COMMANDS] == [0] * len(COMMANDS)
    assert len(list(elsewhere.glob("feedback/*/ps/ps.html"))) == 2


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
