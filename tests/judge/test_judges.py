"""The judges of an answer key live as long as their context, and as many of them as there are notebooks."""

import os
import time
from pathlib import Path

import pytest
from questions import answer_key

from grader.answer_key import AnswerKey
from grader.engine.judge.client import Judges

TEXT = "# %% solution relu\ndef relu(z):\n    return z\n# %% test relu 1\nassert relu(1) == 1\n"


def judge_processes() -> set[int]:
    """The process ids of this process's judges."""
    mine = set()
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            line = Path(f"/proc/{name}/cmdline").read_text()
            parent = Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        if "grader.engine.judge.process" in line and int(parent) == os.getpid():
            mine.add(int(name))
    return mine


def eventually(count: int, before: set[int]) -> bool:
    """Whether so many more judges are seen soon: a process that starts has no command line for a moment."""
    end = time.monotonic() + 5
    while len(judge_processes() - before) != count and time.monotonic() < end:
        time.sleep(0.01)
    return len(judge_processes() - before) == count


@pytest.fixture(scope="module")
def key():
    nb = answer_key(TEXT).notebooks["nb"]
    return AnswerKey("a", {f"nb{n}": nb for n in range(6)}, {}, "six")


def test_every_notebook_has_one_judge_until_the_context_ends(key):
    before = judge_processes()
    with Judges(key) as judges:
        assert eventually(6, before)
        assert judges.of("nb5") is judges.of("nb5")
        assert eventually(6, before)
    assert judge_processes() == before


def test_a_judge_starts_when_it_is_first_needed(key):
    before, judges = judge_processes(), Judges(key)
    assert judge_processes() == before
    judges.of("nb0")
    assert eventually(1, before)
    judges.close()
    assert judge_processes() == before
