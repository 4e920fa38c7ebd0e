"""A small class of slow, wrong and dying answers, a command that grades it, and its undisturbed marks."""

import os
import signal
import subprocess
import sys

import pytest
from disturb import send
from grade_command import descendants, marks_in
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


@pytest.fixture(scope="session")
def marks(tmp_path_factory):
    """The marks of an undisturbed run."""
    course = write_class(tmp_path_factory.mktemp("undisturbed"), "", ANSWERS)
    command = [sys.executable, "-m", "grader", "grade", ASSIGNMENT, "--course-dir", str(course)]
    subprocess.run(command, check=True, capture_output=True)
    return marks_in(course)
