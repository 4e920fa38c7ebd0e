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
from contextlib import ExitStack
from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode, from_dict
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades

from grader.books.autograded import defuse
from grader.course.directory import CONFIG, Course, open_course
from grader.course.key import load_key
from grader.course.salt import salt_of
from grader.engine.execute import execute
from grader.engine.judge.client import Judges
from grader.engine.judge.reports import error_output
from grader.engine.sandbox.zygote import Zygote
from grader.grading.fingerprint import submission_seed
from grader.grading.score import NOT_REACHED
from grader.grading.survey import survey
from grader.grading.survey_record import NOTHING, NotebookSurvey, Survey, read_survey, write_survey
from grader.intake.submissions import read_folder
from grader.notebook.cells import grade_id_of, is_test
from grader.records import Execution, Status

HELD = "grader_held"  # among nbgrader's resources: the grade_ids of questions that nobody has a score for


class SubmissionNotGraded(Exception):
    """This machine could not grade the submission; nbgrader reports it and gives no score."""


class ExecuteSandboxed(NbGraderPreprocessor):
    """Runs the student's cells in the sandbox and the test cells in the judge."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Run a sanitised notebook. Raises SubmissionNotGraded, CourseError, SandboxError."""
        course, whose = Course(CourseDirectory(config=self.config)), resources["nbgrader"]
        zygote, judges, found = _engine(course.root, whose["assignment"], _files(course, whose["assignment"]))
        known = found.get(whose["notebook"], NotebookSurvey())
        files, _notes = read_folder(Path(resources["metadata"]["path"]), course)
        seed = submission_seed(salt_of(course), whose["assignment"], whose["student"])
        run = execute(
            zygote, judges, whose["notebook"], nb, course.limits,
            seed=seed, files=files, places=known.places, reach=known.reach,
        )  # fmt: skip
        waiting = [v.cause for v in run.verdicts.values() if v.status is Status.NOT_GRADED]
        if self._waits_alone():
            resources[HELD] = frozenset(known.held)
        else:
            waiting += known.held.values()
        if run.status is Status.NOT_GRADED or waiting:
            raise SubmissionNotGraded(run.detail or waiting[0])
        _fail_unreached(run)
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


def _fail_unreached(run: Execution) -> None:
    """For nbgrader a test that shows nothing has passed, also one that did not run."""
    for cell in filter(is_test, run.notebook.cells):
        if grade_id_of(cell) not in run.verdicts:
            cell.outputs = [from_dict(error_output(run.status, run.detail or NOT_REACHED))]


_open = ExitStack()  # what `_engine` has started
atexit.register(_open.close)


@functools.lru_cache(maxsize=1)
def _engine(root: Path, assignment: str, _files: tuple) -> tuple[Zygote, Judges, Survey]:
    """What grades an assignment as its files are now; what graded another one is ended.

    Formgrader's server lives for days, in which the course is edited.
    """
    _engine.cache_clear()  # what fails to start must not leave an ended one behind
    _open.close()
    course = open_course(root)
    key = load_key(course, assignment)
    zygote = _open.enter_context(Zygote(None, key.surroundings))
    judges = _open.enter_context(Judges(key))
    return zygote, judges, _survey(course, zygote, judges)


def _files(course: Course, assignment: str) -> tuple[tuple[Path, int], ...]:
    """The files that an assignment's key is made of, and when each was changed."""
    folders = [course.folder(step, ".", assignment) for step in ("source", "release")]
    found = [path for folder in (*folders, course.chapters) for path in folder.rglob("*")]
    found += [course.root / CONFIG, *course.root.glob("*.yml")]
    return tuple((path, path.stat().st_mtime_ns) for path in found if path.is_file())


def _survey(course: Course, zygote: Zygote, judges: Judges) -> Survey:
    """Where the tests run; those of a course in chapters have been proven to run outside."""
    if not judges.key.whole:
        return NOTHING
    known = read_survey(course.root, judges.key, course.limits)
    if known is None:
        known = survey(zygote, judges, course.limits)
        write_survey(course.root, judges.key, course.limits, known)
    return known
