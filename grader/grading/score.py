"""What a run is worth: Execution -> CellScores. Pure, and never full marks by default."""

from __future__ import annotations

from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution, is_task

from grader.answer_key import AnswerKey
from grader.notebook.cells import unanswered
from grader.records import CellScore, Execution, GradedSubmission, Status, Submission, Verdict

NOT_REACHED = "the test was not reached"


def score_cells(execution: Execution, unsolved: NotebookNode) -> tuple[CellScore, ...]:
    """One score for each graded cell of the notebook, in its order.

    `unsolved` is the notebook as nbgrader stores it (AnswerKey.unsolved); what the student handed in
    decides nothing but the answers.
    """
    graded = [cell for cell in unsolved.cells if is_grade(cell) or is_task(cell)]
    return tuple(_score(cell, execution) for cell in graded)


def not_graded(key: AnswerKey, submission: Submission, reason: str) -> GradedSubmission:
    """A submission that our machines failed: not scored, never zero."""
    executions = {name: not_run(Status.NOT_GRADED, reason) for name in key.notebooks}
    scores = {name: score_cells(run, key.unsolved[name]) for name, run in executions.items()}
    return GradedSubmission(submission, Status.NOT_GRADED, executions, scores, detail=reason)


def not_run(status: Status, detail: str) -> Execution:
    """What is on record of a notebook that was not run."""
    return Execution(notebook=None, status=status, seconds=0.0, peak_mb=0.0, detail=detail)


def question_cells(unsolved: NotebookNode) -> dict[str, float]:
    """grade_id -> max_score of each graded cell."""
    graded = (cell.metadata.nbgrader for cell in unsolved.cells if is_grade(cell) or is_task(cell))
    return {grading.grade_id: float(grading.points) for grading in graded}


def _score(cell: NotebookNode, execution: Execution) -> CellScore:
    grade_id, max_score = cell.metadata.nbgrader.grade_id, float(cell.metadata.nbgrader.points)
    if execution.status is Status.MISSING:  # as in nbgrader: zero, and nothing to look at
        return CellScore(grade_id, 0.0, max_score, False, execution.status, execution.detail)
    if execution.status in (Status.UNREADABLE, Status.NOT_GRADED):
        return CellScore(grade_id, None, max_score, True, execution.status, execution.detail)
    if is_task(cell) or is_solution(cell) or cell.cell_type != "code":
        return _manual(cell, grade_id, max_score, execution)
    return _tested(grade_id, max_score, execution.verdicts.get(grade_id), execution)


def _manual(cell: NotebookNode, grade_id: str, max_score: float, execution: Execution) -> CellScore:
    """A cell for a human; an answer left as it was released earns 0 without one."""
    empty = is_solution(cell) and unanswered(cell, execution.notebook)
    return CellScore(grade_id, 0.0 if empty else None, max_score, not empty, Status.COMPLETED)


def _tested(grade_id: str, max_score: float, verdict: Verdict | None, execution: Execution) -> CellScore:
    if verdict is None:
        cause = execution.detail or NOT_REACHED
        return CellScore(grade_id, 0.0, max_score, False, execution.status, cause)
    if verdict.status is Status.NOT_GRADED:
        return CellScore(
            grade_id, None, max_score, True, verdict.status, verdict.cause, detail=verdict.detail
        )
    points, problem = _points(verdict, max_score)
    cause = verdict.cause or problem
    more = (verdict.hint, tuple(verdict.checks), verdict.detail, verdict.where)
    took = round(verdict.seconds, 3)
    return CellScore(grade_id, points, max_score, False, verdict.status, cause, *more, took)


def _points(verdict: Verdict, max_score: float) -> tuple[float, str]:
    """The points and, where they cannot be counted, why. Only a plain number between 0 and max counts."""
    points = verdict.points
    if points is None:
        return 0.0, "the test gave no score"
    if type(points) not in (int, float) or not 0 <= points <= max_score:  # nan and inf fail here too
        return 0.0, f"the test did not give a number from 0 to {max_score:g}"
    return float(points), ""
