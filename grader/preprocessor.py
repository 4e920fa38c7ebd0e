"""The executor as an nbgrader preprocessor, for `nbgrader autograde` and formgrader's Autograde button.

    c.Autograde.autograde_preprocessors = [
        "grader.preprocessor.ExecuteSandboxed", "nbgrader.preprocessors.IgnorePattern", ...
    ]

It takes the place of nbgrader's Execute: outputs and scores come from the sandbox and the judge, and
nbgrader's own steps read them from the notebook as ever. With `grader.preprocessor.SaveScores` in the place
of SaveAutoGrades, a question that is held back for all waits alone; otherwise the whole submission waits.
"""

from __future__ import annotations

import atexit
import functools
from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades

from grader.answer_key import Surroundings
from grader.books.autograded import defuse
from grader.course.directory import Course, open_course
from grader.course.key import load_key
from grader.course.salt import salt_of
from grader.engine.execute import execute
from grader.engine.judge.client import Judges
from grader.engine.sandbox.zygote import Zygote
from grader.grading.fingerprint import submission_seed
from grader.grading.survey import survey
from grader.grading.survey_record import NOTHING, NotebookSurvey, Survey, read_survey, write_survey
from grader.intake.submissions import read_folder
from grader.records import Status

HELD = "grader_held"  # among nbgrader's resources: the grade_ids of questions that nobody has a score for


class SubmissionNotGraded(Exception):
    """This machine could not grade the submission; nbgrader reports it and gives no score."""


class ExecuteSandboxed(NbGraderPreprocessor):
    """Runs the student's cells in the sandbox and the test cells in the judge."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Run a sanitised notebook. Raises SubmissionNotGraded, CourseError, SandboxError."""
        course, whose = Course(CourseDirectory(config=self.config)), resources["nbgrader"]
        judges = _judges(course.root, whose["assignment"])
        known = _survey(course.root, whose["assignment"]).get(whose["notebook"], NotebookSurvey())
        files, _notes = read_folder(Path(resources["metadata"]["path"]), course)
        seed = submission_seed(salt_of(course), whose["assignment"], whose["student"])
        warm = _zygote(judges.key.surroundings)
        run = execute(
            warm, judges, whose["notebook"], nb, course.limits,
            seed=seed, files=files, places=known.places, reach=known.reach,
        )  # fmt: skip
        waiting = [v.cause for v in run.verdicts.values() if v.status is Status.NOT_GRADED]
        if self._waits_alone():
            resources[HELD] = frozenset(known.held)
        else:
            waiting += known.held.values()
        if run.status is Status.NOT_GRADED or waiting:
            raise SubmissionNotGraded(run.detail or waiting[0])
        defuse(run.notebook, judges.key, whose["notebook"])
        return run.notebook, resources

    def _waits_alone(self) -> bool:
        """Whether what saves the scores knows of questions that are held back."""
        steps = self.config.Autograde.get("autograde_preprocessors", ())
        return any(str(getattr(step, "__name__", step)).endswith("SaveScores") for step in steps)


class SaveScores(SaveAutoGrades):
    """Saves the scores; a question that is held back gets none and waits for a person."""

    def _add_score(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        super()._add_score(cell, resources)
        grade_id = cell.metadata.nbgrader.grade_id
        if grade_id in resources.get(HELD, ()):
            grade = self.gradebook.find_grade(grade_id, self.notebook_id, self.assignment_id, self.student_id)
            grade.auto_score, grade.needs_manual_grade = None, True
            self.gradebook.db.commit()


@functools.cache
def _zygote(surroundings: Surroundings) -> Zygote:
    """One warm process for all notebooks of an assignment that this nbgrader process grades."""
    zygote = Zygote(None, surroundings).ready()
    atexit.register(zygote.close)
    return zygote


@functools.lru_cache(maxsize=1)
def _judges(root: Path, assignment: str) -> Judges:
    judges = Judges(load_key(open_course(root), assignment))
    atexit.register(judges.close)
    return judges


@functools.lru_cache(maxsize=1)
def _survey(root: Path, assignment: str) -> Survey:
    """Where the tests run; those of a course in chapters have been proven to run outside."""
    course, judges = open_course(root), _judges(root, assignment)
    if not judges.key.whole:
        return NOTHING
    known = read_survey(root, judges.key, course.limits)
    if known is None:
        known = survey(_zygote(judges.key.surroundings), judges, course.limits)
        write_survey(root, judges.key, course.limits, known)
    return known
