"""`grader check` without chapters: each test cell against the reference and the blank release."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.answer_key import AnswerKey
from grader.course.directory import Course, open_course
from grader.course.key import load_key
from grader.engine.judge.client import Judges
from grader.engine.sandbox.zygote import Zygote
from grader.errors import CourseError
from grader.grading.survey import survey
from grader.grading.survey_record import NotebookSurvey
from grader.notebook.cells import is_test
from grader.records import Place


@dataclass(frozen=True)
class CheckedTest:
    """One test cell: where it runs, why not outside, and what is wrong with it, if anything."""

    assignment: str
    notebook: str
    grade_id: str
    points: float
    where: Place
    reason: str
    problem: str


@dataclass(frozen=True)
class CheckReport:
    """What was found: the test cells, and lines about whatever else an author should know."""

    tests: tuple[CheckedTest, ...]
    notes: tuple[str, ...]

    @property
    def problems(self) -> list[str]:
        return [f"{c.assignment}: {c.notebook}: {c.grade_id}: {c.problem}" for c in self.tests if c.problem]


def check_course(
    course_dir: Path, assignment: str | None, on_progress: Callable[[int, int], None]
) -> CheckReport:
    """Survey one or all assignments of a course. Raises CourseError where there is none."""
    course = open_course(course_dir)
    names = [assignment] if assignment else _assignments(course)
    tests, notes = [], []
    for done, name in enumerate(names, 1):
        key = load_key(course, name)
        found = _found(key, course)
        tests += [checked for notebook, one in found.items() for checked in _checked(key, notebook, one)]
        notes += [f"{name}: {nb}.ipynb wants {wanted}: left out" for nb, wanted in key.foreign.items()]
        notes += [f"{name}: {nb}.ipynb: {note}" for nb, one in found.items() for note in one.notes]
        on_progress(done, len(names))
    return CheckReport(tuple(tests), tuple(notes))


def _assignments(course: Course) -> list[str]:
    root = course.folder("source", ".", "x").parent
    names = sorted({path.parent.name for path in root.glob("*/*.ipynb")})
    if not names:
        raise CourseError("no assignments", file=root, remedy="put notebooks there, a folder for each")
    return names


def _found(key: AnswerKey, course: Course) -> dict[str, NotebookSurvey]:
    with Zygote(None, key.surroundings) as zygote, Judges(key) as judges:
        return dict(survey(zygote, judges, course.limits))


def _checked(key: AnswerKey, notebook: str, found: NotebookSurvey) -> Iterator[CheckedTest]:
    for cell in filter(is_test, key.notebooks[notebook].cells):
        grade_id, points = cell.metadata.nbgrader.grade_id, float(cell.metadata.nbgrader.points)
        problem = found.held.get(grade_id) or found.paid.get(grade_id, "")
        where = found.places.get(grade_id, Place.OUTSIDE)
        reason = found.reasons.get(grade_id, "")
        yield CheckedTest(key.assignment, notebook, grade_id, points, where, reason, problem)
