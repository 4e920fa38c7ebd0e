"""A learner's notebook, run as the learner's own code on the learner's own machine: without a sandbox.

For systems that have none, such as Windows and macOS. A fresh Python runs the cells in their order, the tests
among them, as Jupyter would (`notebook_run`); what they show of their checks comes back in a file.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from grader.course.directory import Course
from grader.course.key import load_key
from grader.course.noted_hints import read_hints
from grader.errors import CourseError
from grader.learner.notebook_scores import NotebookScores
from grader.learner.preflight import read
from grader.notebook.cells import hidden_lines, is_test
from grader.notebook.evidence import first_question, marks_of
from grader.notebook.recognition import recognised
from grader.records import CellScore, Check, Status
from grader.repair.repair import repair

NO_SANDBOX = "This system has no sandbox: your notebook ran as your own code, as it does in Jupyter."
NOT_REACHED = "It was not reached: a cell above did not end within {:g} s."
CHILD = "-P", "-m", "grader.learner.notebook_run"  # -P: no file in the folder stands for a module of ours


def run(course: Course, name: str, notebook: Path) -> NotebookScores:
    """What a notebook of chapter `name` earns."""
    key = load_key(course, name)
    repaired = repair(read(notebook), key.notebooks[name], name, key.released.get(name))
    if repaired.notebook is None:
        raise CourseError(repaired.reason, file=notebook, remedy="save it and try again")
    seconds = course.limits.notebook_seconds
    shown = dict(_shown(repaired.notebook, notebook.resolve().parent, seconds))
    facts = _facts(course, name)
    tests = {cell.metadata.nbgrader.grade_id: cell for cell in key.notebooks[name].cells if is_test(cell)}
    late = {"cause": NOT_REACHED.format(seconds)}
    scores = {one: _score(cell, shown.get(one, late), facts.get(one, {})) for one, cell in tests.items()}
    return NotebookScores(repaired.notebook, scores, (NO_SANDBOX, *(one.what for one in repaired.repairs)))


def _shown(notebook: NotebookNode, folder: Path, seconds: float) -> Iterator[tuple[str, dict[str, Any]]]:
    """grade_id of a test cell -> what it showed, for those that came to an end."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    asked = [[cell.source, cell.metadata.nbgrader.grade_id if is_test(cell) else ""] for cell in cells]
    environment = os.environ | {"NBGRADER_EXECUTION": "try", "MPLBACKEND": "agg", "PYTHONUTF8": "1"}
    with tempfile.TemporaryDirectory() as place:
        answers = Path(place) / "answers"
        command = [sys.executable, *CHILD, str(answers)]
        with contextlib.suppress(subprocess.TimeoutExpired):  # what ended before counts
            subprocess.run(
                command, input=json.dumps(asked), text=True, encoding="utf-8", cwd=folder, env=environment,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=seconds,
            )  # fmt: skip
        lines = answers.read_text(encoding="utf-8").splitlines() if answers.is_file() else []
    yield from (json.loads(line) for line in lines if line.endswith("]"))


def _score(test: NotebookNode, shown: dict[str, Any], facts: dict) -> CellScore:
    """The score of a test cell by what it showed: its checks, or else whether it raised."""
    settings = test.metadata.nbgrader
    hidden, points = set(hidden_lines(test.source)), float(settings.points)
    checks = tuple(_check(row, row["line"] in hidden) for row in shown.get("checks", ()))
    cause = shown.get("cause", "")
    earned = sum(check.points for check in checks) if checks else 0.0 if cause else points
    failing = [check for check in checks if not check.passed]
    messages = [check.message for check in failing] or [cause]
    seen = marks_of(check for check in failing if not check.hidden)
    hint = recognised(seen, messages, facts) or first_question(failing)
    return CellScore(
        settings.grade_id, min(earned, points), points, False, Status.COMPLETED, cause, hint, checks
    )


def _check(row: dict[str, Any], hidden: bool) -> Check:
    asks = row["nudge"] or row.get("ask", "")
    return Check(row["label"], row["points"], row["max"], row["message"], hidden, asks)


def _facts(course: Course, name: str) -> dict[str, dict]:
    """grade_id of a test -> what the release noted of its exercise: the marks of mistakes and slips."""
    exercises = read_hints(course, name).get("exercises", {})
    return {f"test_{exercise}": facts for exercise, facts in exercises.items()}
