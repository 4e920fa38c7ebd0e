"""A worker: a process that grades one submission after the other, and may die of it."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any

from grader.answer_key import AnswerKey
from grader.child_process import end_with, signals_held
from grader.engine.judge.client import Judges
from grader.engine.sandbox.zygote import Zygote
from grader.errors import GraderError, SandboxError
from grader.grading.earlier import Earlier
from grader.grading.reading import reader_of
from grader.grading.submission import grade_submission
from grader.grading.survey import MAX_RUNS, survey
from grader.grading.survey_record import Survey
from grader.records import GradedSubmission, Limits, Submission

SLICE_SECONDS = 1.0  # of waiting; a pause of ours in which all stood still counts as one
GRACE_SECONDS = 60.0  # beyond what the limits allow: then the worker hangs, and the fault is ours
END_SECONDS = 10.0  # for an idle worker to end its zygote
PATIENCE = 3  # times a notebook's time: it may be tried again, and time that we lose does not count there
FORK = get_context("fork")
Work = tuple[Submission, int, Earlier | None, Survey]


def patience(key: AnswerKey, limits: Limits) -> float:
    """The seconds after which whoever grades one submission hangs."""
    return GRACE_SECONDS + PATIENCE * len(key.notebooks) * limits.notebook_seconds


def ready(busy: list[Worker]) -> list[Worker]:
    """The workers that have answered or died, or whose time is over."""
    began = time.monotonic()
    answered = wait([worker.pipe for worker in busy], SLICE_SECONDS)
    for worker in busy:
        worker.left -= min(time.monotonic() - began, SLICE_SECONDS)
    return [worker for worker in busy if worker.pipe in answered or worker.left <= 0]


class Worker:
    """A process that grades one submission at a time; leaving the context ends it."""

    def __init__(self, judges: Judges, limits: Limits, zygote: Zygote | None, level: str, *, prove: bool):
        self.task: tuple[Work, int] | None = None
        self.since = 0.0  # when it was given (time.monotonic)
        self._seconds = patience(judges.key, limits)
        self.left = self._seconds * (MAX_RUNS if prove else 1)  # until we take it that it hangs
        self.pipe, theirs = FORK.Pipe()
        arguments = (theirs, os.getpid(), judges, limits, zygote or level, prove)
        self._process = FORK.Process(target=_work, args=arguments, daemon=True)
        with signals_held():  # until the worker has its own way with them
            self._process.start()
        theirs.close()

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *exc_info: object) -> None:
        with contextlib.suppress(OSError):
            self.pipe.send(None)
        self._process.join(0.0 if self.task else END_SECONDS)
        self._process.kill()
        self.pipe.close()

    def give(self, task: Work, tries: int) -> None:
        self.task, self.left, self.since = (task, tries), self._seconds, time.monotonic()
        with contextlib.suppress(OSError):  # it died between two tasks: `result` will say so
            self.pipe.send(task)

    @property
    def student(self) -> str:
        """Who is being graded."""
        return self.task[0][0].student if self.task else ""

    def proven(self) -> Survey:
        """The survey that this worker makes first. Raises SandboxError."""
        while not ready([self]):
            pass
        found: Any = self.result()
        if isinstance(found, str):
            raise SandboxError(f"no worker could be started: {found}")
        if isinstance(found, SandboxError):
            raise found
        return found

    def result(self) -> GradedSubmission | Survey | str | SandboxError:
        """What the worker sent; a text or a SandboxError when it failed us. Another GraderError is raised."""
        self.task = None
        try:
            answer = self.pipe.recv() if self.pipe.poll() else "the worker does not answer"
        except (EOFError, OSError):
            answer = "the worker died"
        if isinstance(answer, GraderError) and not isinstance(answer, SandboxError):
            raise answer
        return answer


def _work(
    pipe: Connection, parent: int, judges: Judges, limits: Limits, warm: Zygote | str, prove: bool
) -> None:
    """The life of a worker: the survey where asked, then one submission after the other.

    warm: the zygote that all use, with the same judges, or the level of one of its own.
    """
    end_with(parent)
    try:
        with _engine(warm, judges) as (zygote, own), reader_of(own.key) as reader:
            if prove:
                pipe.send(survey(zygote, own, limits))
            for submission, seed, earlier, known in _received(pipe, parent):
                grade = partial(grade_submission, zygote, own, submission, limits, reader)
                pipe.send(grade(seed=seed, survey=known, earlier=earlier))
    except GraderError as error:
        pipe.send(error)
    except Exception as error:  # whatever it is, it is our fault: the parent tries once more
        pipe.send(f"{type(error).__name__}: {error}"[:500])


@contextlib.contextmanager
def _engine(warm: Zygote | str, judges: Judges) -> Iterator[tuple[Zygote, Judges]]:
    """The warm process and the judges that all share, or a pair of one's own: the fault may be in those."""
    if isinstance(warm, Zygote):
        yield warm, judges
        return
    with Zygote(warm, judges.key.surroundings) as zygote, Judges(judges.key) as own:
        yield zygote, own


def _received(pipe: Connection, parent: int) -> Iterator[Work]:
    while os.getppid() == parent:  # forked workers hold copies of the parent's end: no EOF if it dies
        if pipe.poll(2.0):
            task = pipe.recv()
            if task is None:
                return
            yield task
