"""What decides a grade: its digest, and the seed of a submission's draws."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from grader.answer_key import AnswerKey
from grader.grading.environment import environment
from grader.intake.submissions import TIMESTAMP
from grader.notebook.cells import grade_id_of, is_test, kind_of
from grader.records import Limits, Submission

if TYPE_CHECKING:
    from nbformat import NotebookNode


def answers_digest(nb: NotebookNode | None) -> str:
    """A digest of the code that a repaired notebook runs besides its tests, and of where those stand; empty
    without a notebook."""
    if nb is None:
        return ""
    code = [c for c in nb.cells if c.cell_type == "code"]
    cells = [grade_id_of(cell) if is_test(cell) else [kind_of(cell), cell.source] for cell in code]
    return hashlib.sha256(json.dumps([len(nb.cells), cells]).encode()).hexdigest()


def handed_in_digest(submission: Submission) -> str:
    """A digest of what a student handed in, whenever that was."""
    own = sorted(item for item in _digests(submission).items() if item[0] != TIMESTAMP)
    return hashlib.sha256(json.dumps(own).encode()).hexdigest()


def fingerprint(
    key: AnswerKey, submission: Submission, limits: Limits, seed: int, *, unsafe: bool = False
) -> str:
    """A digest of all that decides a grade: the same fingerprint needs no second run."""
    files = _digests(submission)
    taken = submission.submitted_at and submission.submitted_at.isoformat()
    text = json.dumps([sorted(files.items()), taken, key.digest, asdict(limits), seed, unsafe, environment()])
    return hashlib.sha256(text.encode()).hexdigest()


def _digests(submission: Submission) -> dict[str, str]:
    return {name: hashlib.sha256(data).hexdigest() for name, data in submission.files.items()}


def submission_seed(salt: str, assignment: str, student: str) -> int:
    """The seed of a submission's draws, of 256 bits: the same at each run, another for each student.

    `salt` is secret: who knows it knows what hidden tests draw.
    """
    text = json.dumps([salt, assignment, student]).encode()
    return int.from_bytes(hashlib.sha256(text).digest()) | 1 << 256
