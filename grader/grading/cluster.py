"""Grading on a Dask cluster: the same tasks, the same results as `workers`. The one doorway to Dask.

The commander needs to reach the scheduler and nothing else: bytes go out and bytes come back. What is in
flight is bounded by the workers' threads. A submission at which two workers failed is NOT_GRADED.
"""

from __future__ import annotations

import logging
import pickle
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from distributed import Client

from grader.answer_key import AnswerKey
from grader.errors import ClusterError, GraderError, SandboxError
from grader.grading.crew import Crew
from grader.grading.fingerprint import fingerprint
from grader.grading.members import Job, JobAnswer
from grader.grading.reply import MalformedReply, Reply, from_bytes
from grader.grading.score import not_graded
from grader.grading.station_pool import STRANGER
from grader.grading.survey import MAX_RUNS
from grader.grading.survey_record import Survey
from grader.grading.worker import Work, patience
from grader.grading.workers import TRIES, Task
from grader.records import GradedSubmission, Limits

CONNECT_SECONDS = 20
QUARANTINE = "quarantined: two workers failed at it, the second with nothing else in hand: {why}"
AGAIN = "the worker was started anew"
OTHERS = "it answered something else"


def grade_all(
    address: str,
    key: AnswerKey,
    tasks: Iterable[Task],
    limits: Limits,
    *,
    known: Survey | None = None,
    on_survey: Callable[[Survey], None],
    on_wait: Callable[[str, float], None],
    on_note: Callable[[str], None],
) -> Iterator[GradedSubmission]:
    """As `workers.grade_all`, at the workers of the scheduler at `address`. At the end `on_note` hears which
    of them were refused, and why. Raises ClusterError, too, when nobody there can be reached or may grade."""
    with _connection(address) as client:
        crew = Crew(client, address, key, limits)
        try:
            grading = _CrewGrading(crew, key, limits, on_wait)
            found = grading.survey() if known is None else known
            on_survey(found)
            yield from grading.results(iter(tasks), found)
            for name, why in crew.refused.items():
                on_note(f"{name} was given nothing: {why}")
        finally:
            crew.dismiss()


@contextmanager
def _connection(address: str) -> Iterator[Client]:
    """A client of the scheduler, quiet, by Dask's own configuration (TLS, time-outs)."""
    for name in [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]:
        logging.getLogger(name).setLevel(logging.CRITICAL)  # each has a level of its own
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False, name="grader")
    except (OSError, TimeoutError, ValueError, TypeError, RuntimeError) as error:
        raise ClusterError(f"no Dask scheduler answers at {address}: {error}") from error
    try:
        yield client
    finally:
        client.close(timeout=CONNECT_SECONDS)


class _CrewGrading:
    """One assignment at one crew."""

    def __init__(self, crew: Crew, key: AnswerKey, limits: Limits, on_wait: Callable[[str, float], None]):
        self._crew, self._key, self._limits, self._on_wait = crew, key, limits, on_wait
        self._seconds = patience(key, limits)

    def survey(self) -> Survey:
        """The survey that one worker makes. Raises SandboxError."""
        survey = Job(None, pickle.dumps((None, 0, None, None)), self._seconds * MAX_RUNS)
        ((_, answer),) = self._answers(iter([survey]))
        if isinstance(answer, str):
            raise SandboxError(f"no worker could try the tests: {answer}")
        return answer.survey

    def results(self, tasks: Iterator[Task], known: Survey) -> Iterator[GradedSubmission]:
        """The result of each task; NOT_GRADED when we failed it TRIES times."""
        jobs = (self._job((*task, known)) for task in tasks)
        for (submission, seed, *_), answer in self._answers(jobs):
            graded = None if isinstance(answer, str) else answer.graded
            if graded is None:
                yield not_graded(self._key, submission, QUARANTINE.format(why=answer))
            else:
                mark = fingerprint(self._key, submission, self._limits, seed)
                yield replace(graded, submission=submission, fingerprint=mark)

    def _job(self, work: Work) -> Job:
        return Job(work, pickle.dumps(work), self._seconds)

    def _answers(self, jobs: Iterator[Job]) -> Iterator[tuple[Any, Reply | str]]:
        """(work, reply) of every job; in place of the reply a text, when it failed TRIES times."""
        again: deque[Job] = deque()
        more = True
        while more or again or self._crew.is_busy:
            self._crew.look()
            again = deque(job for job in again if not self._crew.give(job))
            while more and self._crew.has_room():
                job = next(jobs, None)
                more = job is not None
                if job is not None and not self._crew.give(job):
                    again.append(job)
            for answer in self._crew.answers():
                said = self._understood(answer)
                if isinstance(said, str) and answer.job.tries < TRIES:
                    answer.job.tries += 1
                    again.append(answer.job)
                else:
                    yield answer.job.work, said
            if (oldest := self._crew.oldest) and oldest.work:
                self._on_wait(oldest.work[0].student, time.monotonic() - oldest.since)

    def _understood(self, answer: JobAnswer) -> Reply | str:
        """A reply, or in a text how the worker failed. Raises GraderError where the course is at fault."""
        if answer.said == STRANGER:
            self._crew.forget(answer.member)
            return AGAIN
        if isinstance(answer.said, str):
            return answer.said
        try:
            reply = from_bytes(answer.said, self._key)
        except MalformedReply as nonsense:
            return str(nonsense)
        if reply.blame:
            raise GraderError(reply.blame)
        if reply.refusal:
            self._crew.refuse(answer.member.address, reply.refusal)
        failure = reply.refusal or reply.failure
        return failure or (reply if self._fits(reply, answer.job) else OTHERS)

    @staticmethod
    def _fits(reply: Reply, job: Job) -> bool:
        expected, answered = (
            job.work and job.work[0].student,
            reply.graded and reply.graded.submission.student,
        )
        return expected == answered
