"""The command line. Commands stand in the order in which their modules are imported here."""

from __future__ import annotations

from grader.cli import authors, learners, teachers
from grader.cli.commands import main

__all__ = ["authors", "learners", "main", "teachers"]
