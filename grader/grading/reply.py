"""What a worker elsewhere answers, as bytes: JSON made of plain records, and read with bounds.

The worker is ours, but it ran beside strangers' code: its answer is data, never a pickle. A reply that is too
large, or no such record, is a failure of that worker and costs nobody a grade.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import msgspec
import nbformat

from grader.answer_key import AnswerKey
from grader.grading.survey_record import NotebookSurvey
from grader.records import Execution, GradedSubmission, Submission

MOST_BYTES = 64 << 20  # outputs are limited long before
NO_REPLY = "its answer is no grading: {error}"


class MalformedReply(Exception):
    """Bytes that are no reply."""


@dataclass(frozen=True)
class Reply:
    """One of these: a grading, a survey, or why there is none.

    failure: the worker failed. refusal: its machine confines nothing any more. blame: the course is at fault.
    """

    graded: GradedSubmission | None = None
    survey: Mapping[str, NotebookSurvey] = field(default_factory=dict)
    failure: str = ""
    refusal: str = ""
    blame: str = ""


def to_bytes(reply: Reply) -> bytes:
    """JSON in ASCII, halves of surrogate pairs included; a submission's files stay behind."""
    if reply.graded:
        reply = replace(reply, graded=replace(reply.graded, submission=_name_of(reply.graded.submission)))
    return json.dumps(msgspec.to_builtins(reply)).encode()


def from_bytes(data: bytes, key: AnswerKey) -> Reply:
    """What `to_bytes` made. Raises MalformedReply for anything else, or when it speaks of other notebooks."""
    if not isinstance(data, bytes) or len(data) > MOST_BYTES:
        raise MalformedReply(NO_REPLY.format(error=f"not bytes, or more than {MOST_BYTES >> 20} MB"))
    try:
        reply = msgspec.convert(json.loads(data), Reply)
        return replace(reply, graded=reply.graded and _whole(reply.graded, key))
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise MalformedReply(NO_REPLY.format(error=f"{type(error).__name__}: {error}"[:300])) from error


def _name_of(submission: Submission) -> Submission:
    return Submission(submission.student, submission.assignment, None, {})


def _whole(graded: GradedSubmission, key: AnswerKey) -> GradedSubmission:
    if not graded.executions.keys() == graded.scores.keys() == key.notebooks.keys():
        raise ValueError("it speaks of other notebooks")
    executions = {name: _with_cells(run) for name, run in graded.executions.items()}
    return replace(graded, executions=executions)


def _with_cells(run: Execution) -> Execution:
    return run if run.notebook is None else replace(run, notebook=nbformat.from_dict(run.notebook))
