"""Many submissions at once: a few worker processes around one warm zygote.

A worker that dies, hangs or meets a fault of ours costs nobody a grade: its submission goes once more to a
fresh worker, with a zygote of its own in case the fault was there, and is NOT_GRADED after the second time.
When no sandbox can be built any more for one submission after the other, the machine is at fault: all ends.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack

from grader.answer_key import AnswerKey
from grader.engine.judge.client import Judges
from grader.engine.sandbox.zygote import Zygote
from grader.errors import SandboxError
from grader.grading.earlier import Earlier
from grader.grading.score import not_graded
from grader.grading.survey_record import Survey
from grader.grading.worker import Work, Worker, ready
from grader.notebook.cells import python
from grader.records import GradedSubmission, Limits, Submission

TRIES = 2
IN_A_ROW = 6  # answers that no sandbox could be built, with no other answer between

Task = tuple[Submission, int, Earlier | None]  # with its seed, and what is on record of it


def grade_all(
    key: AnswerKey,
    tasks: Iterable[Task],
    limits: Limits,
    *,
    zygote: Zygote,
    judges: Judges | None = None,
    jobs: int,
    known: Survey | None = None,
    on_survey: Callable[[Survey], None],
    on_wait: Callable[[str, float], None],
) -> Iterator[GradedSubmission]:
    """Grade `tasks` in `jobs` processes around `zygote` and yield each result as it comes, in no order.

    The survey goes first, unless it is `known`, and is handed to `on_survey`: a SandboxError comes before any
    result. `on_wait` hears now and then who is being graded for the longest time, and the seconds. `judges`
    of another key are not used. At the end `zygote` is closed, and so are the judges.
    """
    python("")  # brings IPython, which plans are read with: once for all processes
    with ExitStack() as stack:

        def hire(zygote: Zygote | None = None, *, prove: bool = False) -> Worker:
            return stack.enter_context(Worker(warm, limits, zygote, level, prove=prove))

        warm = stack.enter_context(judges if judges and judges.key == key else Judges(key))
        zygote = stack.enter_context(zygote.among(key.surroundings))
        level = zygote.level
        workers = [hire(zygote, prove=number == 0 and known is None) for number in range(jobs)]
        on_survey(found := workers[0].proven() if known is None else known)
        for task, answer in _results(workers, (((*task, found), 1) for task in tasks), hire, on_wait):
            yield answer if isinstance(answer, GradedSubmission) else not_graded(key, task[0], answer)


def _results(
    workers: list[Worker],
    tasks: Iterator[tuple[Work, int]],
    hire: Callable[[], Worker],
    on_wait: Callable[[str, float], None],
) -> Iterator[tuple[Work, GradedSubmission | str]]:
    """(task, result) of every task; the result is a text when we failed it TRIES times."""
    again: list[tuple[Work, int]] = []
    refusals = 0
    while busy := _occupied(workers, again, tasks):
        for worker in ready(list(busy)):
            (task, tries), answer = busy[worker], worker.result()
            refusals = refusals + 1 if isinstance(answer, SandboxError) else 0
            if isinstance(answer, SandboxError) and refusals == IN_A_ROW:
                raise answer
            if not isinstance(answer, GradedSubmission):
                workers[workers.index(worker)] = hire()
                answer = str(answer)
            if isinstance(answer, str) and tries < TRIES:
                again.append((task, tries + 1))
            else:
                yield task, answer
        _tell(workers, on_wait)


def _occupied(
    workers: list[Worker], again: list[tuple[Work, int]], tasks: Iterator[tuple[Work, int]]
) -> dict[Worker, tuple[Work, int]]:
    """Give each idle worker a task, those to try again first; which worker now has which."""
    for worker in workers:
        if worker.task is None and (work := again.pop() if again else next(tasks, None)):
            worker.give(*work)
    return {worker: worker.task for worker in workers if worker.task}


def _tell(workers: list[Worker], on_wait: Callable[[str, float], None]) -> None:
    """Whose submission has been with a worker for the longest time."""
    busy = [worker for worker in workers if worker.task]
    if busy:
        longest = min(busy, key=lambda worker: worker.since)
        on_wait(longest.student, time.monotonic() - longest.since)
