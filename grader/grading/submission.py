"""One submission: repair -> execute -> score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from grader.answer_key import AnswerKey
from grader.engine.execute import execute
from grader.engine.judge.client import Judges
from grader.engine.sandbox.levels import UNSAFE
from grader.engine.sandbox.zygote import Zygote
from grader.grading.earlier import Again, Earlier, whole
from grader.grading.fingerprint import answers_digest, fingerprint
from grader.grading.reading import Reading, read
from grader.grading.score import not_run
from grader.grading.survey_record import NOTHING, NotebookSurvey, Survey
from grader.notebook.cells import is_solution, unanswered
from grader.reader import Reader
from grader.records import (
    NO_RUN,
    CellScore,
    Execution,
    GradedSubmission,
    Limits,
    Repair,
    Status,
    Submission,
    Verdict,
)
from grader.repair.repair import RepairedNotebook

HELD = "this question waits: its reference answer does not earn all points here"


def grade_submission(
    zygote: Zygote,
    judges: Judges,
    submission: Submission,
    limits: Limits,
    reader: Reader[Submission, Reading],
    *,
    seed: int,
    survey: Survey = NOTHING,
    earlier: Earlier | None = None,
) -> GradedSubmission:
    """Grade all notebooks of one submission; whatever a student can cause comes back as a Status. `survey`:
    what is known of the tests; without it all run outside. `earlier`: of what only a part runs again."""
    key, repaired = judges.key, read(reader, judges.key, submission)
    answers = {name: answers_digest(found.notebook if found else None) for name, found in repaired.items()}
    before = earlier if earlier and earlier.stands(answers, survey) else None
    runs: dict[str, Again] = {}
    for name, found in repaired.items():
        run = partial(_run, zygote, judges, name, found, limits, survey, seed=seed, files=submission.files)
        kept = before and found and before.again(key, name, found.notebook, run)
        runs[name] = kept or whole(run(), key.unsolved[name])
    executions, scores = _parts(runs)
    status, detail = _summary(executions)
    mark = fingerprint(key, submission, limits, seed, unsafe=zygote.level == UNSAFE)
    again = {name: run.ran for name, run in runs.items()} if before else {}
    told = (_repairs(repaired), mark, detail, _is_blank(key, executions), answers, again)
    return GradedSubmission(submission, status, executions, scores, *told)


def _parts(runs: Mapping[str, Again]) -> tuple[dict[str, Execution], dict[str, tuple[CellScore, ...]]]:
    scores = {name: run.scores for name, run in runs.items()}
    return {name: run.execution for name, run in runs.items()}, scores


def _repairs(repaired: Reading) -> tuple[Repair, ...]:
    """None of a file that cannot be read: its reason is told as such."""
    read = [found for found in repaired.values() if found and found.notebook]
    return tuple(repair for found in read for repair in found.repairs)


def _is_blank(key: AnswerKey, executions: Mapping[str, Execution]) -> bool:
    """Whether a submission was read and holds no answer at all."""
    read = [(key.unsolved[name], run.notebook) for name, run in executions.items() if run.notebook]
    empty = (unanswered(cell, nb) for unsolved, nb in read for cell in unsolved.cells if is_solution(cell))
    return bool(read) and all(empty)


def _run(
    zygote: Zygote,
    judges: Judges,
    name: str,
    answers: RepairedNotebook | None,
    limits: Limits,
    survey: Survey,
    **how: Any,
) -> Execution:
    if answers is None:
        return not_run(Status.MISSING, f"{name}.ipynb was not handed in")
    if answers.notebook is None:
        return not_run(Status.UNREADABLE, answers.reason)
    known = survey.get(name, NotebookSurvey())
    how |= {"places": known.places, "reach": known.reach}
    run = execute(zygote, judges, name, answers.notebook, limits, **how)
    return replace(run, verdicts={**run.verdicts, **_held(known)})


def _held(known: NotebookSurvey) -> dict[str, Verdict]:
    """The questions that nobody is graded in."""
    return {
        grade_id: Verdict(grade_id, Status.NOT_GRADED, None, HELD, detail=reason)
        for grade_id, reason in known.held.items()
    }


def _summary(executions: Mapping[str, Execution]) -> tuple[Status, str]:
    """The submission's status and detail: the gravest of its notebooks'."""
    for status in (*NO_RUN, *(s for s in Status if s not in NO_RUN and s is not Status.COMPLETED)):
        for name, run in executions.items():
            if run.status is status:
                return status, run.detail or name
    return Status.COMPLETED, ""
