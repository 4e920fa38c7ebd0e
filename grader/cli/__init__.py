"""The command line. `grader --help` lists commands in the order in which their modules are imported here."""

from __future__ import annotations

from grader.cli import garbage  # isort: skip
from grader.cli import authors, grading, watching, returns, review, first_steps, learners, stations  # isort: skip
from grader.cli.commands import main

__all__ = [
    "authors",
    "first_steps",
    "garbage",
    "grading",
    "learners",
    "main",
    "returns",
    "review",
    "stations",
    "watching",
]
