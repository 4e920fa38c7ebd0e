"""What several tests share: a tiny course of one chapter, written as an author would."""

import gc
import os
import shutil
import signal
from pathlib import Path

import pytest
from repository import MINI, ROOT

from grader.cli.garbage import OBJECTS
from grader.engine.sandbox.zygote import Zygote


def pytest_configure():
    """One thread for each of NumPy's products, here and in what tests start: two workers share two cores.

    What was collected stays: looking through it again and again took a third of this process's time.
    """
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    gc.set_threshold(OBJECTS)


@pytest.fixture(scope="module")
def zygote():
    """A warm process for the tests of one module."""
    with Zygote() as zygote:
        yield zygote


@pytest.fixture
def heard():
    """What a test starts hears Ctrl-C and a hang-up, also where the tests run in the background."""
    for number in (signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


@pytest.fixture
def mini_course(tmp_path) -> Path:
    """A course directory with the chapter 00_mini, not built yet."""
    course = tmp_path / "course"
    (course / "chapters").mkdir(parents=True)
    (course / "chapters" / "00_mini.md").write_text(MINI)
    shutil.copy(ROOT / "course" / "nbgrader_config.py", course)
    return course
