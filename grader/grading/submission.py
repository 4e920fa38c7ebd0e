"""One submission: repair -> execute -> score."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from importlib.metadata import version

from grader.engine.execute import execute
from grader.engine.judge.client import Judges
from grader.engine.sandbox.levels import UNSAFE
from grader.engine.sandbox.zygote import Zygote
from grader.errors import ReferenceFailed
from grader.grading.score import score_cells
from grader.notebook.cells import is_test
from grader.plainfiles import shown
from grader.records import AnswerKey, Execution, Graded, Limits, Repair, Status, Submission
from grader.repair.identify import identify
from grader.repair.repair import repair

# What says most about a submission that has several notebooks, worst first.
GRAVITY = (Status.NOT_GRADED, Status.UNREADABLE, Status.MISSING)
ENVIRONMENT = ("numpy", "matplotlib", "ipython", "nbgrader", "cs231n-course")


def grade_submission(
    zygote: Zygote, judges: Judges, submission: Submission, limits: Limits, *, seed: int
) -> Graded:
    """Grade all notebooks of one submission; whatever a student can cause comes back as a Status."""
    executions, repairs, key = {}, [], judges.key
    paths = identify(submission.files, key.notebooks)
    for name in key.notebooks:
        path = paths.get(name, f"{name}.ipynb")
        executions[name], repaired = _run(zygote, judges, name, path, submission, limits, seed)
        repairs += repaired
    scores = {name: score_cells(run, key.unsolved[name]) for name, run in executions.items()}
    status, detail = _summary(executions)
    mark = fingerprint(key, submission, limits, seed, unsafe=zygote.level == UNSAFE)
    return Graded(submission, status, executions, scores, tuple(repairs), mark, detail)


def not_graded(key: AnswerKey, submission: Submission, reason: str) -> Graded:
    """A submission that our machines failed: not scored, never zero."""
    executions = {name: _not_run(Status.NOT_GRADED, reason) for name in key.notebooks}
    scores = {name: score_cells(run, key.unsolved[name]) for name, run in executions.items()}
    return Graded(submission, Status.NOT_GRADED, executions, scores, detail=reason)


def check_reference(zygote: Zygote, judges: Judges, limits: Limits) -> None:
    """Run the source notebooks as if a student had written them.

    Raises ReferenceFailed for the first graded cell that does not earn all its points: then something
    is wrong with this machine or with the tests, and no student should pay for it.
    """
    key = judges.key
    for name, nb in key.notebooks.items():
        run = execute(zygote, judges, name, nb, limits, seed=0, files=key.handed_in)
        tests = {cell.metadata.nbgrader.grade_id for cell in nb.cells if is_test(cell)}
        for score in score_cells(run, key.unsolved[name]):
            if score.grade_id in tests and score.auto_score != score.max_score:
                earned = f"{score.auto_score or 0:g} of {score.max_score:g} points"
                why = score.detail or score.cause or run.detail
                problem = f"the reference answer earns {earned} on this machine: {why}"
                remedy = "mend the environment or the test; nothing was graded"
                raise ReferenceFailed(problem, file=f"{name}.ipynb", grade_id=score.grade_id, remedy=remedy)


def fingerprint(
    key: AnswerKey, submission: Submission, limits: Limits, seed: int, *, unsafe: bool = False
) -> str:
    """A digest of all that decides a grade: the same fingerprint needs no second run."""
    files = {name: hashlib.sha256(data).hexdigest() for name, data in submission.files.items()}
    taken = submission.submitted_at and submission.submitted_at.isoformat()
    text = json.dumps(
        [sorted(files.items()), taken, key.digest, asdict(limits), seed, unsafe, _environment()]
    )
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _environment() -> list[str]:
    return [sys.version, *map(version, ENVIRONMENT)]


def submission_seed(salt: str, assignment: str, student: str) -> int:
    """The seed of a submission's draws, of 256 bits: the same at each run, another for each student.

    `salt` is secret: who knows it knows what hidden tests draw.
    """
    text = json.dumps([salt, assignment, student]).encode()
    return int.from_bytes(hashlib.sha256(text).digest()) | 1 << 256


def _run(
    zygote: Zygote, judges: Judges, name: str, path: str, submission: Submission, limits: Limits, seed: int
) -> tuple[Execution, tuple[Repair, ...]]:
    key, data = judges.key, submission.files.get(path)
    if data is None:
        return _not_run(Status.MISSING, f"{name}.ipynb was not handed in"), ()
    named = _renaming(path, name)
    repaired = repair(data, key.notebooks[name], name, key.released.get(name))
    if repaired.notebook is None:
        return _not_run(Status.UNREADABLE, repaired.reason), named + repaired.repairs
    run = execute(zygote, judges, name, repaired.notebook, limits, seed=seed, files=submission.files)
    return run, named + repaired.repairs


def _renaming(path: str, name: str) -> tuple[Repair, ...]:
    told = f"{shown(path)} was taken for {name}.ipynb, by what it holds."
    return () if path == f"{name}.ipynb" else (Repair(name, "", told),)


def _not_run(status: Status, detail: str) -> Execution:
    return Execution(notebook=None, status=status, seconds=0.0, peak_mb=0.0, detail=detail)


def _summary(executions: Mapping[str, Execution]) -> tuple[Status, str]:
    """The submission's status and detail: the gravest of its notebooks'."""
    for status in (*GRAVITY, *(s for s in Status if s not in GRAVITY and s is not Status.COMPLETED)):
        for name, run in executions.items():
            if run.status is status:
                return status, run.detail or name
    return Status.COMPLETED, ""
