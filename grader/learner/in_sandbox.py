"""A learner's notebook, run as grading runs it: in the sandbox, its tests outside of it. Needs Linux."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from grader.course.directory import Course
from grader.course.key import load_key
from grader.engine.judge.client import Judges
from grader.engine.sandbox.zygote import Zygote
from grader.errors import CourseError
from grader.grading.fingerprint import submission_seed
from grader.grading.reading import reader_of
from grader.grading.submission import grade_submission
from grader.learner.notebook_scores import LEARNER, NotebookScores
from grader.learner.preflight import read
from grader.records import Status, Submission
from grader.repair.file_text import MAX_BYTES

BESIDE = "*.py", "*.npz"  # the learner's own files that a notebook may read


def run(course: Course, name: str, notebook: Path) -> NotebookScores:
    """What a notebook of chapter `name` earns; SandboxError where this machine cannot confine it."""
    near = [path for pattern in BESIDE for path in notebook.parent.glob(pattern)]
    beside = {path.name: path.read_bytes() for path in near if path.stat().st_size < MAX_BYTES}
    submission = Submission(LEARNER, name, None, beside | {f"{name}.ipynb": read(notebook)})
    seed = submission_seed("self-study", name, LEARNER)
    key = load_key(course, name)
    surroundings = replace(key.surroundings, preload=())  # or a numpy.py beside it would be what it imports
    with Zygote(None, surroundings) as zygote, Judges(key) as judges, reader_of(key) as reader:
        graded = grade_submission(zygote, judges, submission, course.limits, reader, seed=seed)
    if graded.status in (Status.UNREADABLE, Status.NOT_GRADED):
        raise CourseError(graded.detail or str(graded.status), file=notebook, remedy="save it and try again")
    scores = {score.grade_id: score for score in graded.scores[name]}
    return NotebookScores(
        graded.executions[name].notebook, scores, tuple(repair.what for repair in graded.repairs)
    )
