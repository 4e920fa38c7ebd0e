"""The workers of a cluster as one grading sees them: who came, who may grade, who was lost with what."""

from __future__ import annotations

import contextlib
import pickle
import time
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple
from uuid import uuid4

from grader.answer_key import AnswerKey
from grader.errors import ClusterError
from grader.grading import station_pool
from grader.grading.environment import needs
from grader.grading.members import CrewMember, Job
from grader.grading.reply import MalformedReply, from_bytes
from grader.grading.station import STARTED
from grader.grading.worker import SLICE_SECONDS
from grader.records import Limits

JOIN_SECONDS = 120.0  # without any worker that may grade: then somebody must see why
ENLISTINGS = 2  # of one worker, which may lose what it was sent
END_SECONDS = 5.0
SILENT = "it fell silent"
LOST = "the worker {address} was lost"
GONE = "the scheduler {address} is gone, or was started anew -- the same command again goes on from here"
NOBODY = "no worker at {address} may grade ({why}) -- start workers there: dask worker {address}"


class JobAnswer(NamedTuple):
    """What a member said of a job: the bytes of a reply, or in a text why there is none."""

    job: Job
    member: CrewMember
    said: bytes | str


class Crew:
    """The members, kept up to date by `look`. `client` is Dask's."""

    def __init__(self, client: Any, address: str, key: AnswerKey, limits: Limits):
        self._client, self._address, self._key = client, address, key
        self._token, self._equipment = uuid4().hex, pickle.dumps((key, limits))
        self._shared: Any = None  # the future of the equipment, which the workers pass on to each other
        self._members: dict[str, CrewMember] = {}
        self._enlistings: dict[str, int] = {}  # address -> how often it was asked to enlist
        self._asked: dict[str, tuple[str, int, Any]] = {}  # name of a future -> address, threads, future
        self._given: dict[str, tuple[CrewMember, Job, Any]] = {}  # name of a future -> who, what, future
        self._ended: SimpleQueue[Any] = SimpleQueue()
        self._lost: list[JobAnswer] = []
        self._looked, self._manned = 0.0, time.monotonic()
        self.refused: dict[str, str] = {}  # a worker, by name and address -> why it may not grade

    @property
    def is_busy(self) -> bool:
        return bool(self._given or self._lost)

    def look(self) -> None:
        """At most once a second, see who came and who left. Raises ClusterError where nobody may grade."""
        if time.monotonic() - self._looked < SLICE_SECONDS:
            return
        self._looked = time.monotonic()
        present = self._present()
        for member in [m for m in self._members.values() if m.address not in present]:
            self._lose(member)
        for member in [m for m in self._members.values() if m.is_silent]:
            self.refuse(member.address, SILENT)
        self._enlistings = {address: n for address, n in self._enlistings.items() if address in present}
        for address in present.keys() - self._enlistings.keys():
            self._ask(address, present[address])
        self._check_manned(all_answered=bool(present) and not self._asked)

    def has_room(self) -> bool:
        """Whether somebody takes a job that is tried for the first time."""
        return any(member.takes(None) for member in self._members.values())

    def give(self, job: Job) -> bool:
        """Hand `job` to the member that has least to do; False when none takes it now."""
        willing = [member for member in self._members.values() if member.takes(job)]
        if willing:
            member = min(willing, key=lambda member: len(member.jobs) / member.threads)
            future = self._submit(member.address, station_pool.grade, self._token, job.request, job.seconds)
            member.add(job)
            self._given[future.key] = member, job, future
        return bool(willing)

    def answers(self) -> Iterator[JobAnswer]:
        """What has been answered or lost; waits a second at most. Raises ClusterError."""
        lost, self._lost = self._lost, []
        yield from lost
        with contextlib.suppress(Empty):
            future = self._ended.get(timeout=0.01 if lost else SLICE_SECONDS)
            while True:
                if future.key in self._asked:
                    self._welcome(future)
                elif future.key in self._given:
                    yield self._settle(future)
                future = self._ended.get_nowait()

    def refuse(self, address: str, why: str) -> None:
        """Give this worker nothing more."""
        known = self._client.scheduler_info()["workers"].get(address, {})
        self.refused[f"{known.get('name', '')} {address}".strip()] = why
        if member := self._members.get(address):
            self._lose(member)

    def forget(self, member: CrewMember) -> None:
        """This worker was started anew: what it had is lost, and it is asked again."""
        if self._members.get(member.address) is member:
            self._lose(member)
            self._enlistings.pop(member.address, None)

    def dismiss(self) -> None:
        """End what was started at the workers; who does not hear ends it by itself."""
        for _member, _job, future in self._given.values():
            future.cancel()
        with contextlib.suppress(Exception):
            for future in [
                self._submit(address, station_pool.dismiss, self._token) for address in self._members
            ]:
                future.result(timeout=END_SECONDS)

    def _check_manned(self, *, all_answered: bool) -> None:
        """Raises ClusterError when nobody may grade, all refused or none come in time."""
        if self._members:
            self._manned = self._looked
        elif all_answered or self._looked - self._manned > JOIN_SECONDS:
            why = "; ".join(f"{name}: {why}" for name, why in self.refused.items()) or "there is none"
            raise ClusterError(NOBODY.format(address=self._address, why=why))

    def _present(self) -> dict[str, int]:
        """The threads of each worker that the scheduler knows. Raises ClusterError when it is gone."""
        try:
            if self._client.status == "running":
                return self._client.nthreads()
        except (OSError, TimeoutError):
            pass
        raise ClusterError(GONE.format(address=self._address))

    def _ask(self, address: str, threads: int) -> None:
        """Ask a worker whether it can grade; `_welcome` hears the answer."""
        if self._shared is None or self._shared.status not in ("pending", "finished"):
            self._shared = self._client.scatter(self._equipment, hash=False)
        what = needs(), self._key.surroundings, self._shared
        future = self._submit(address, station_pool.enlist, self._token, *what)
        self._asked[future.key] = address, threads, future
        self._enlistings[address] = self._enlistings.get(address, 0) + 1

    def _welcome(self, future: Any) -> None:
        address, threads, _future = self._asked.pop(future.key)
        said = self._said(future)
        if said == STARTED:
            self._members[address] = CrewMember(address, threads)
        elif future.status == "finished" or self._enlistings.get(address, 0) >= ENLISTINGS:
            self.refuse(address, said if isinstance(said, str) else self._excuse(said))
        else:
            self._ask(address, threads)
        self._looked = 0.0

    def _excuse(self, said: bytes) -> str:
        try:
            reply = from_bytes(said, self._key)
        except MalformedReply as nonsense:
            return str(nonsense)
        return reply.refusal or reply.blame or reply.failure

    def _settle(self, future: Any) -> JobAnswer:
        member, job, _future = self._given.pop(future.key)
        member.drop(job)
        if future.cancelled():  # not by us: who was lost is no longer among the given
            raise ClusterError(GONE.format(address=self._address))
        return JobAnswer(job, member, self._said(future))

    def _said(self, future: Any) -> bytes | str:
        try:
            return future.result(timeout=END_SECONDS * 12)
        except Exception as error:
            return f"{type(error).__name__}: {error}"[:300]

    def _lose(self, member: CrewMember) -> None:
        if self._members.get(member.address) is member:
            del self._members[member.address]
        for name in [name for name, (who, _, _) in self._given.items() if who is member]:
            _member, job, future = self._given.pop(name)
            future.cancel()
            self._lost.append(JobAnswer(job, member, LOST.format(address=member.address)))

    def _submit(self, address: str, function: Callable, *arguments) -> Any:
        name = f"grader-{function.__name__}-{uuid4().hex}"  # no student's name on a dashboard
        future = self._client.submit(function, *arguments, workers=[address], pure=False, key=name)
        future.add_done_callback(self._ended.put)
        return future
