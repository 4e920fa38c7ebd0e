"""The command line. Commands stand in the order in which their modules are imported here."""

from __future__ import annotations

from . import author_commands, class_commands, learner_commands
from .commands import main

__all__ = ["author_commands", "class_commands", "learner_commands", "main"]
