"""What a notebook asks of an answer that fails, in the order in which grading looks for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from grader.notebook.common_mistakes import question_for
from grader.notebook.evidence import recognise
from grader.notebook.slip_evidence import recognise_slip


def recognised(marks: list[str], messages: Sequence[str], facts: Mapping[str, Any]) -> str:
    """The hint of a known mistake, of one that any exercise can meet, or of a slip; else "".

    marks, messages: of the checks that failed. facts: what the release noted of the exercise.
    """
    known = recognise(marks, facts.get("mistakes", ())) if marks else ""
    return known or question_for(messages) or recognise_slip(marks, facts.get("slips", {}))
