"""The account of an intake: what was collected, refused, and who is missing."""

from __future__ import annotations

from dataclasses import dataclass, field

from grader.intake.delivery import Delivery

MAX_LINES = 200  # for the entries of one download or student: a million of them help nobody


@dataclass(frozen=True)
class RefusedEntry:
    """One entry of a download that was not taken, and why. `student` is "" where it names none."""

    download: str
    student: str
    path: str
    why: str


@dataclass
class Intake:
    """What `collect` did; `unknown` are the senders that no roster knows, `shared` those it has twice."""

    collected: list[Delivery] = field(default_factory=list)
    refused: list[RefusedEntry] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    shared: dict[str, list[str]] = field(default_factory=dict)  # -> the ids of who is called so
    shapes: dict[str, str] = field(default_factory=dict)  # of each download
    expected: int = 0
    """students on the roster"""
    absent: list[str] = field(default_factory=list)
    """those of them who have handed in nothing so far"""

    def leave_out(self, called: str, namesakes: list[str]) -> None:
        """Note a sender who cannot be told: one of several students of this name, or none."""
        if namesakes:
            self.shared[called] = namesakes
        elif called not in self.unknown:
            self.unknown.append(called)

    def refuse(self, entries: list[tuple[str, str]], download: str = "", student: str = "") -> None:
        """Note a line for each (path, why); of very many only the first, and how many more."""
        lines = [RefusedEntry(download, student, path, why) for path, why in entries[:MAX_LINES]]
        more = len(entries) - MAX_LINES
        self.refused += lines
        if more > 0:
            self.refused.append(RefusedEntry(download, student, f"{more} more", "as above"))
