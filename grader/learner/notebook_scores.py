"""One run of a learner's notebook: what each test earned, and what is to be said of the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nbformat import NotebookNode

from grader.records import CellScore

LEARNER = "you"


@dataclass(frozen=True)
class NotebookScores:
    """`notebook` as it was run; the score of each test cell by its grade_id; notes on the file or the run."""

    notebook: NotebookNode = field(repr=False)
    scores: Mapping[str, CellScore]
    notes: tuple[str, ...] = ()
