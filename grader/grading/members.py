"""A worker of a cluster, and what it has in hand.

A job goes to one named worker, so that it is known whom it brought down. One that failed before is a suspect:
it has its next worker for itself, and what is lost then is lost by it alone.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import NamedTuple

from grader.grading.worker import GRACE_SECONDS, Work


@dataclass(eq=False)
class Job:
    """One request and the seconds it may take; without `work` it is the survey."""

    work: Work | None
    request: bytes = field(repr=False)
    seconds: float
    tries: int = 1
    since: float = 0.0  # when it was given to its worker (time.monotonic)


@dataclass(eq=False)
class CrewMember:
    """A worker that may grade: one job for each of its threads, and one that waits."""

    address: str
    threads: int
    jobs: list[Job] = field(default_factory=list)
    heard: float = 0.0  # when it last answered, or was given a job while it had none

    def takes(self, job: Job | None) -> bool:
        """Whether it has room for `job`, or for one that is tried for the first time."""
        if job and job.tries > 1:
            return not self.jobs
        return len(self.jobs) <= self.threads and all(own.tries == 1 for own in self.jobs)

    def add(self, job: Job) -> None:
        job.since = time.monotonic()
        self.heard = self.heard if self.jobs else job.since
        self.jobs.append(job)

    def drop(self, job: Job) -> None:
        self.heard = time.monotonic()
        self.jobs.remove(job)

    @property
    def is_silent(self) -> bool:
        """Whether it owes an answer for longer than it can take."""
        allowed = max((job.seconds for job in self.jobs), default=0.0) + GRACE_SECONDS
        return bool(self.jobs) and time.monotonic() - self.heard > allowed


class JobAnswer(NamedTuple):
    """What a member said of a job: the bytes of a reply, or in a text why there is none."""

    job: Job
    member: CrewMember
    said: bytes | str
