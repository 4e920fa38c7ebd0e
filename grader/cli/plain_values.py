"""What a grading did, as plain values for other programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.books.runs import Run
    from grader.grading.summary import GradingSummary


def totals(summary: GradingSummary) -> dict:
    """The grading as a whole."""
    return {
        "assignment": summary.assignment,
        "seconds": round(summary.seconds, 1),
        "unchanged": summary.unchanged,
        "in_part": summary.in_part,
        "questions_again": summary.questions,
        "labels": dict(summary.labels),
        "notes": summary.notes,
    }


def facts(summary: GradingSummary) -> list[dict]:
    """All that is known of each submission."""
    fields = ("student", "assignment", "label", "status", "detail", "seed")
    return [
        {f: getattr(r, f) for f in fields}
        | asdict(summary.ledger.standing(r))
        | {"scores": _scores(summary, r)}
        for r in summary.runs
    ]


def _scores(summary: GradingSummary, run: Run) -> list[dict]:
    return [
        {"notebook": notebook, "score": summary.ledger.points(run.student, notebook, score)} | asdict(score)
        for notebook, score in run.scores
    ]
