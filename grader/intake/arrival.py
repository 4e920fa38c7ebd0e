"""One hand-in that arrived in a folder that is watched."""

from __future__ import annotations

import pwd
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

INBOUND = "+"  # nbgrader's exchange: STUDENT+ASSIGNMENT+TIME, and a random end


@dataclass
class Arrival:
    """One hand-in. `at` is in UTC without a zone; `day` the one it was begun on, "" before that.

    `signature` stands for the paths, sizes and times of its files.
    """

    entry: str
    student: str
    at: str
    signature: str
    day: str = ""
    done: bool = False

    @property
    def is_nbgraders(self) -> bool:
        """Whether it came through the exchange, whose timestamp.txt counts."""
        return INBOUND in self.entry

    @property
    def sent_at(self) -> datetime | None:
        """When it arrived; None where nbgrader wrote that down."""
        return None if self.is_nbgraders else datetime.fromisoformat(self.at)


def owner_problem(path: Path, student: str) -> str:
    """What is odd about who owns an entry of the exchange, as nbgrader would say; or nothing."""
    try:
        owner = pwd.getpwuid(path.stat().st_uid).pw_name
    except (KeyError, OSError):
        return ""
    return "" if owner == student else f"claims to be {student}'s but is owned by {owner}"
