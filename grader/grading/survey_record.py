"""What a survey found, kept until the assignment changes: runs/ASSIGNMENT.survey.json.

A survey that held a question back is not kept: what is missing may be there the next time.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import MappingProxyType

from grader.answer_key import AnswerKey
from grader.atomic import write_atomic
from grader.grading.environment import environment
from grader.records import USUAL, Limits, Place, Reach


@dataclass(frozen=True)
class NotebookSurvey:
    """What was found out about the tests of one notebook.

    places: where each test runs. held: grade_id -> why that question is graded for nobody.
    paid: grade_id -> what a blank answer earns, as in nbgrader. notes: lines for the staff.
    reasons: grade_id -> why a test does not run outside. reach: what the reference's tests reach beyond what
    all may, and every student's may therefore.
    """

    places: Mapping[str, Place] = field(default_factory=dict)
    held: Mapping[str, str] = field(default_factory=dict)
    paid: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    reach: Reach = USUAL


Survey = Mapping[str, NotebookSurvey]
NOTHING: Survey = MappingProxyType({})


def read_survey(course_dir: Path, key: AnswerKey, limits: Limits) -> Survey | None:
    """The survey of just this key on this machine, or None where there is none, or not all that it found."""
    try:
        data = json.loads(_path(course_dir, key).read_bytes())
        return {n: _notebook(d) for n, d in data["found"].items()} if data["of"] == _of(key, limits) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_survey(course_dir: Path, key: AnswerKey, limits: Limits, survey: Survey) -> None:
    if not any(found.held for found in survey.values()):
        found = {name: asdict(one) for name, one in survey.items()}
        write_atomic(_path(course_dir, key), json.dumps({"of": _of(key, limits), "found": found}))


def _path(course_dir: Path, key: AnswerKey) -> Path:
    return Path(course_dir) / "runs" / f"{key.assignment}.survey.json"


def _of(key: AnswerKey, limits: Limits) -> str:
    text = json.dumps([key.digest, key.surroundings.preload, asdict(limits), environment()])
    return hashlib.sha256(text.encode()).hexdigest()


def _notebook(data: dict) -> NotebookSurvey:
    places = {grade_id: Place(where) for grade_id, where in data["places"].items()}
    reach = Reach(tuple(data["reach"]["paths"]), data["reach"]["connects"])
    if gone := [path for path in reach.paths if not os.path.exists(path)]:
        raise FileNotFoundError(gone[0])
    return NotebookSurvey(places, data["held"], data["paid"], tuple(data["notes"]), data["reasons"], reach)
