"""One submission once more, as its record says: the same seed, the same places; nothing is written."""

from __future__ import annotations

from pathlib import Path

from grader.books.runs import NotebookRun, Run
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.engine.judge.client import Judges
from grader.engine.sandbox.zygote import Zygote
from grader.grading.reading import reader_of
from grader.grading.submission import grade_submission
from grader.grading.survey_record import NOTHING, NotebookSurvey, Survey, read_survey
from grader.intake.submissions import read_submission
from grader.records import GradedSubmission, Place


def replay(course_dir: Path, run: Run) -> tuple[GradedSubmission, bool]:
    """What grading `run` again comes to, and whether submission, tests and limits are still those of then.

    Raises CourseError, SandboxError.
    """
    course = open_course(course_dir)
    key = load_key(course, run.assignment)
    submission = read_submission(course, run.assignment, run.student)
    known = read_survey(course.root, key, course.limits) or NOTHING
    with Zygote(None, key.surroundings) as zygote, Judges(key) as judges, reader_of(key) as reader:
        graded = grade_submission(
            zygote, judges, submission, course.limits, reader, seed=run.seed, survey=_survey(run, known)
        )
    return graded, graded.fingerprint == run.fingerprint


def _survey(run: Run, known: Survey) -> dict[str, NotebookSurvey]:
    """Where each test ran then, and what it reaches."""
    return {name: _as_then(nb, known.get(name, NotebookSurvey())) for name, nb in run.notebooks.items()}


def _as_then(nb: NotebookRun, known: NotebookSurvey) -> NotebookSurvey:
    places = {s.grade_id: s.where for s in nb.scores if s.where is not Place.OUTSIDE}
    return NotebookSurvey(places, reach=known.reach)
