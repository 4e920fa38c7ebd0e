"""The command while it runs: its processes, what it prints, the marks it leaves."""

import os
import re
import sqlite3
import time
from pathlib import Path

from disturb import children, state


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
