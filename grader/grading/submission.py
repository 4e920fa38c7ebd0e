"""One submission: repair -> execute -> score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from grader.engine.execute import execute
from grader.engine.judge.client import Judges
from grader.engine.sandbox.levels import UNSAFE
from grader.engine.sandbox.zygote import Zygote
from grader.grading.fingerprint import fingerprint
from grader.grading.reading import Reading, read
from grader.grading.score import not_run, score_cells
from grader.grading.survey_record import NOTHING, NotebookSurvey, Survey
from grader.notebook.cells import is_solution, unanswered
from grader.reader import Reader
from grader.records import AnswerKey, Execution, GradedSubmission, Limits, Repair, Status, Submission, Verdict
from grader.repair.repair import RepairedNotebook

# What says most about a submission that has several notebooks, worst first.
GRAVITY = (Status.NOT_GRADED, Status.UNREADABLE, Status.MISSING)
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
) -> GradedSubmission:
    """Grade all notebooks of one submission; whatever a student can cause comes back as a Status.

    survey: what is known of the tests (see `survey`); without it all run outside.
    """
    key = judges.key
    executions: dict[str, Execution] = {}
    repairs: list[Repair] = []
    for name, answers in read(reader, key, submission).items():
        known = survey.get(name, NotebookSurvey())
        how = {"seed": seed, "files": submission.files, "places": known.places}
        run = _run(zygote, judges, name, answers, limits, how)
        executions[name] = replace(run, verdicts={**run.verdicts, **_held(known)})
        repairs += answers.repairs if answers else ()
    scores = {name: score_cells(run, key.unsolved[name]) for name, run in executions.items()}
    status, detail = _summary(executions)
    mark = fingerprint(key, submission, limits, seed, unsafe=zygote.level == UNSAFE)
    blank = _is_blank(key, executions)
    return GradedSubmission(submission, status, executions, scores, tuple(repairs), mark, detail, blank)


def _is_blank(key: AnswerKey, executions: Mapping[str, Execution]) -> bool:
    """Whether a submission was read and holds no answer at all."""
    read = [(key.unsolved[name], run.notebook) for name, run in executions.items() if run.notebook]
    empty = (unanswered(cell, nb) for unsolved, nb in read for cell in unsolved.cells if is_solution(cell))
    return bool(read) and all(empty)


def _run(
    zygote: Zygote, judges: Judges, name: str, answers: RepairedNotebook | None, limits: Limits, how: Mapping
) -> Execution:
    if answers is None:
        return not_run(Status.MISSING, f"{name}.ipynb was not handed in")
    if answers.notebook is None:
        return not_run(Status.UNREADABLE, answers.reason)
    return execute(zygote, judges, name, answers.notebook, limits, **how)


def _held(known: NotebookSurvey) -> dict[str, Verdict]:
    """The questions that nobody is graded in."""
    return {
        grade_id: Verdict(grade_id, Status.NOT_GRADED, None, HELD, detail=reason)
        for grade_id, reason in known.held.items()
    }


def _summary(executions: Mapping[str, Execution]) -> tuple[Status, str]:
    """The submission's status and detail: the gravest of its notebooks'."""
    for status in (*GRAVITY, *(s for s in Status if s not in GRAVITY and s is not Status.COMPLETED)):
        for name, run in executions.items():
            if run.status is status:
                return status, run.detail or name
    return Status.COMPLETED, ""
