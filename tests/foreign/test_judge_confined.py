"""What a test is made to do past all guards stays with the judge's own folder and what its course names."""

import errno
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from foreign_course import grade, points, write
from repository import ROOT

from grader.engine.sandbox import landlock
from grader.records import Place

pytestmark = pytest.mark.skipif(not landlock.abi(), reason="this kernel has no landlock")
WRITING = """
#% plain
import ctypes, tempfile
#% solution
### BEGIN SOLUTION
x = 1
### END SOLUTION
#% test 1
made = ctypes.CDLL(None).creat({path!r}.encode(), 0o600)
open("kept.txt", "w").write("x")
with tempfile.NamedTemporaryFile("w") as file:
    file.write("x")
assert x == 1 and made < 0
"""
READING = """
#% plain
import os
from glob import glob
from urllib.request import urlopen
OF_THE_COURSE = {named!r}
#% solution
### BEGIN SOLUTION
path = "beside.txt"
pattern = "beside.*"
variable = "PATH"
address = "data:text/plain,hello"
### END SOLUTION
#% test 1
read = open(path).read()
assert read == open(OF_THE_COURSE).read(), read
#% test 1
assert glob(pattern)
#% test 1
assert os.environ[variable].startswith("/"), os.environ[variable]
#% test 1
read = urlopen(address).read()
assert read == b"hello", read
"""
OTHER = """
path = "./beside.txt"
pattern = "*.txt"
variable = "PATH"
address = "data:,hello"
"""
EVIL = """
path = {secret!r}
pattern = {folder!r} + "/*"
variable = "MY_TOKEN"
address = "http://127.0.0.1:{port}/"
"""
LAYERS = """
from grader.engine.judge.confinement import Confinement
from grader.engine.sandbox import kernel_calls, landlock
from grader.records import USUAL

kernel_calls.prctl(kernel_calls.PR_SET_NO_NEW_PRIVS, 1)
for _ in range(16):  # as many as a kernel takes
    landlock.restrict(["/"], ["/"])
Confinement(["x = 1"]).enter(USUAL)
print("still here")
"""


def test_the_kernel_keeps_the_judge_from_files_that_are_not_its_own(tmp_path):
    outside = Path(ROOT, ".written_by_a_test")
    outside.unlink(missing_ok=True)
    runs = grade(write(tmp_path, WRITING.format(path=str(outside))), {})
    assert not outside.exists()
    (score,) = [score for _, score in runs["reference"].scores]
    assert (points(runs["reference"]), score.where) == ([1], Place.OUTSIDE)


def test_a_path_or_an_address_of_a_student_leads_to_nothing_of_the_instructors(tmp_path, monkeypatch):
    monkeypatch.setenv("MY_TOKEN", "/confidential")
    for name, text in (("secret", "confidential"), ("named", "hello")):
        (tmp_path / name).write_text(text)
    course = write(tmp_path, READING.format(named=str(tmp_path / "named")), files={"beside.txt": b"hello"})
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        evil = EVIL.format(
            secret=str(tmp_path / "secret"), folder=str(tmp_path), port=server.getsockname()[1]
        )
        runs = grade(course, {"other": {"solution1": OTHER}, "evil": {"solution1": evil}})
        with pytest.raises(BlockingIOError):
            server.accept()
    assert points(runs["reference"]) == points(runs["other"]) == [1] * 4
    assert points(runs["evil"]) == points(runs["blank"]) == [0] * 4
    scores = [score for _, score in runs["evil"].scores]
    assert {score.where for score in scores} == {Place.OUTSIDE}
    assert "confidential" not in repr(scores)


def test_a_trial_that_the_kernel_does_not_confine_goes_on_and_says_so(tmp_path):
    done = subprocess.run([sys.executable, "-c", LAYERS], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.split() == ["still", "here"], done.stderr
    assert f"unconfined: [Errno {errno.E2BIG}]" in done.stderr
