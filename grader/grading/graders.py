"""Who grades the submissions: processes on this machine, or the workers of a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from grader.answer_key import AnswerKey
from grader.engine.sandbox.levels import UNSAFE
from grader.engine.sandbox.zygote import Zygote
from grader.errors import ClusterError
from grader.grading.survey_record import Survey
from grader.machine import default_jobs
from grader.records import GradedSubmission, Limits

if TYPE_CHECKING:
    from grader.engine.judge.client import Judges
    from grader.grading.workers import Task

Wait = Callable[[str, float], None]
NO_DASK = "{name} is not installed, which a cluster needs -- pip install 'nbgrader-judge[cluster]'"


class GradeAll(Protocol):
    """Grade every task, as `workers.grade_all` says."""

    def __call__(
        self,
        key: AnswerKey,
        tasks: Iterable[Task],
        limits: Limits,
        *,
        known: Survey | None,
        on_survey: Callable[[Survey], None],
        on_wait: Wait,
    ) -> Iterator[GradedSubmission]: ...


@dataclass(frozen=True)
class Graders:
    """`jobs` processes around `zygote` and `judges`, or the workers of the Dask scheduler at an address."""

    zygote: Zygote | None
    judges: Judges | None
    jobs: int | None
    scheduler: str

    @property
    def are_unsafe(self) -> bool:
        """Whether they confine nothing."""
        return self.zygote is not None and self.zygote.wanted == UNSAFE

    def assemble(self, submissions: int, memory_mb: int, on_note: Callable[[str], None]) -> GradeAll:
        """As many as there is work and memory for. Raises ClusterError where Dask is not installed."""
        if self.scheduler:
            return _workers_at(self.scheduler, on_note)
        from grader.grading.workers import grade_all  # brings NumPy, for which nothing unchanged waits

        jobs = min(self.jobs or default_jobs(memory_mb), submissions)
        return partial(grade_all, zygote=self.zygote or Zygote(), judges=self.judges, jobs=jobs)


def _workers_at(scheduler: str, on_note: Callable[[str], None]) -> GradeAll:
    try:
        from grader.grading import cluster
    except ModuleNotFoundError as error:
        raise ClusterError(NO_DASK.format(name=error.name)) from error
    return partial(cluster.grade_all, scheduler, on_note=on_note)
