"""The workers of a cluster as one grading sees them: who came, who may grade, who was lost with what."""

from __future__ import annotations

import contextlib
import pickle
import time
from collections.abc import Iterator
from typing import Any

from grader.answer_key import AnswerKey
from grader.errors import ClusterError
from grader.grading import station_pool
from grader.grading.environment import needs
from grader.grading.members import CrewMember, Job, JobAnswer
from grader.grading.reply import MalformedReply, from_bytes
from grader.grading.station import STARTED
from grader.grading.worker import SLICE_SECONDS
from grader.grading.worker_calls import WorkerCalls, answer_of
from grader.records import Limits

JOIN_SECONDS = 120.0  # without any worker that may grade: then somebody must see why
ENLISTINGS = 2  # of one worker, which may lose what it was sent
END_SECONDS = 5.0
SILENT = "it fell silent"
LOST = "the worker {address} was lost"
NOBODY = "no worker at {address} may grade ({why}) -- start workers there: dask worker {address}"


class Crew:
    """The members, kept up to date by `look`. `client` is Dask's."""

    def __init__(self, client: Any, address: str, key: AnswerKey, limits: Limits):
        self._key, self._calls = key, WorkerCalls(client, address, pickle.dumps((key, limits)))
        self._members: dict[str, CrewMember] = {}
        self._enlistings: dict[str, int] = {}  # address -> how often it was asked to enlist
        self._questions: dict[str, tuple[str, int]] = {}  # key of a call to enlist -> address, threads
        self._given: dict[str, tuple[CrewMember, Job, Any]] = {}  # key of a call to grade -> who, what, call
        self._lost: list[JobAnswer] = []
        self._looked, self._manned = 0.0, time.monotonic()
        self.refused: dict[str, str] = {}  # a worker, by name and address -> why it may not grade

    @property
    def is_busy(self) -> bool:
        return bool(self._given or self._lost)

    @property
    def oldest(self) -> Job | None:
        """What was given away before all else that is not answered yet."""
        return min(
            (job for _who, job, _call in self._given.values()), key=lambda job: job.since, default=None
        )

    def look(self) -> None:
        """At most once a second, see who came and who left. Raises ClusterError where nobody may grade."""
        if time.monotonic() - self._looked < SLICE_SECONDS:
            return
        self._looked = time.monotonic()
        present = self._calls.workers()
        for member in [m for m in self._members.values() if m.address not in present]:
            self._lose(member)
        for member in [m for m in self._members.values() if m.is_silent]:
            self.refuse(member.address, SILENT)
        self._enlistings = {address: n for address, n in self._enlistings.items() if address in present}
        for address in present.keys() - self._enlistings.keys():
            self._enlist(address, present[address])
        self._check_manned(all_answered=bool(present) and not self._questions)

    def has_room(self) -> bool:
        """Whether somebody takes a job that is tried for the first time."""
        return any(member.takes(None) for member in self._members.values())

    def give(self, job: Job) -> bool:
        """Hand `job` to the member that has least to do; False when none takes it now."""
        willing = [member for member in self._members.values() if member.takes(job)]
        if willing:
            member = min(willing, key=lambda member: len(member.jobs) / member.threads)
            call = self._calls.call(member.address, station_pool.grade, job.request, job.seconds)
            member.add(job)
            self._given[call.key] = member, job, call
        return bool(willing)

    def answers(self) -> Iterator[JobAnswer]:
        """What has been answered or lost; waits a second at most. Raises ClusterError."""
        lost, self._lost = self._lost, []
        yield from lost
        for call in self._calls.ended(0.01 if lost else SLICE_SECONDS):
            if call.key in self._questions:
                self._welcome(call)
            elif call.key in self._given:
                yield self._settle(call)

    def refuse(self, address: str, why: str) -> None:
        """Give this worker nothing more."""
        self.refused[self._calls.name_of(address)] = why
        if member := self._members.get(address):
            self._lose(member)

    def forget(self, member: CrewMember) -> None:
        """This worker was started anew: what it had is lost, and it is asked again."""
        if self._members.get(member.address) is member:
            self._lose(member)
            self._enlistings.pop(member.address, None)

    def dismiss(self) -> None:
        """End what was started at the workers; who does not hear ends it by itself."""
        for _member, _job, call in self._given.values():
            call.cancel()
        with contextlib.suppress(Exception):
            for call in [self._calls.call(address, station_pool.dismiss) for address in self._members]:
                call.result(timeout=END_SECONDS)

    def _check_manned(self, *, all_answered: bool) -> None:
        """Raises ClusterError when nobody may grade, all refused or none come in time."""
        if self._members:
            self._manned = self._looked
        elif all_answered or self._looked - self._manned > JOIN_SECONDS:
            why = "; ".join(f"{name}: {why}" for name, why in self.refused.items()) or "there is none"
            raise ClusterError(NOBODY.format(address=self._calls.address, why=why))

    def _enlist(self, address: str, threads: int) -> None:
        """Ask a worker whether it can grade; `_welcome` hears the answer."""
        needed = needs(), self._key.surroundings, self._calls.equipment()
        call = self._calls.call(address, station_pool.enlist, *needed)
        self._questions[call.key] = address, threads
        self._enlistings[address] = self._enlistings.get(address, 0) + 1

    def _welcome(self, call: Any) -> None:
        address, threads = self._questions.pop(call.key)
        answer = answer_of(call)
        if answer == STARTED:
            self._members[address] = CrewMember(address, threads)
        elif call.status == "finished" or self._enlistings.get(address, 0) >= ENLISTINGS:
            self.refuse(address, answer if isinstance(answer, str) else self._excuse(answer))
        else:
            self._enlist(address, threads)
        self._looked = 0.0

    def _excuse(self, answer: bytes) -> str:
        try:
            reply = from_bytes(answer, self._key)
        except MalformedReply as nonsense:
            return str(nonsense)
        return reply.refusal or reply.blame or reply.failure

    def _settle(self, call: Any) -> JobAnswer:
        member, job, _call = self._given.pop(call.key)
        member.drop(job)
        if call.cancelled():  # not by us: who was lost is no longer among the given
            raise self._calls.gone()
        return JobAnswer(job, member, answer_of(call))

    def _lose(self, member: CrewMember) -> None:
        if self._members.get(member.address) is member:
            del self._members[member.address]
        for key in [key for key, (who, _, _) in self._given.items() if who is member]:
            _member, job, call = self._given.pop(key)
            call.cancel()
            self._lost.append(JobAnswer(job, member, LOST.format(address=member.address)))
