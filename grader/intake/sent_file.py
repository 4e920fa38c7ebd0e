"""One file of one student, as a learning platform hands it out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from grader.intake.contents import Member
from grader.intake.roster import Sender


@dataclass(frozen=True)
class SentFile:
    """One file of one student; a larger `order` was sent later. `sent_at` is in UTC without a zone.

    `batch` numbers the downloads; `is_nbgraders` says that nbgrader laid out the folder; `is_late` that the
    platform calls it late. `also` is the name that it had with the student where the platform may have
    changed it.
    """

    sender: Sender
    path: str
    member: Member
    order: int = 0
    sent_at: datetime | None = None
    batch: int = 0
    is_nbgraders: bool = False
    is_late: bool = False
    also: str = ""
