"""`grader try`: a lone learner's own notebook, graded here and now, with hints level by level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.course.build import build, chapters
from grader.course.chapter import BEGIN_SOLUTION, END_SOLUTION, Chapter
from grader.course.directory import Course, open_course
from grader.course.key import load_key
from grader.engine.judge.client import Judges
from grader.engine.sandbox.zygote import Zygote
from grader.errors import CourseError
from grader.grading.submission import grade_submission, submission_seed
from grader.learner.attempts import Record, Tries
from grader.learner.preflight import MAX_BYTES, find_name, read, released
from grader.notebook.cells import get_cell
from grader.records import CellScore, Check, Graded, Status, Submission

LEARNER = "you"
BESIDE = "*.py", "*.npz"  # the learner's own files that a notebook may read


@dataclass(frozen=True)
class Tried:
    """One exercise of a try: what it earned, what failed, and the hints that are due."""

    exercise: str
    points: float
    max_points: float
    tries: Tries
    failures: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()


def try_notebook(course_dir: Path, notebook: Path, record: Record, level: int | None) -> list[Tried]:
    """Grade every exercise of the notebook in the sandbox and note the tries in `record`.

    level: the hints to show, 1 to 3; None leaves it to the number of failed tries.
    """
    (chapter,) = chapters(course_dir, find_name(course_dir, notebook))
    build(course_dir, chapter.name)
    graded = _grade(open_course(course_dir), chapter.name, notebook)
    if graded.status in (Status.UNREADABLE, Status.NOT_GRADED):
        raise CourseError(graded.detail or str(graded.status), file=notebook, remedy="save it and try again")
    stubs = released(course_dir, chapter.name)
    tried = [_tried(chapter, exercise, graded, stubs, record, level) for exercise in chapter.exercises]
    record.save()
    return tried


def _grade(course: Course, name: str, notebook: Path) -> Graded:
    near = [path for pattern in BESIDE for path in notebook.parent.glob(pattern)]
    beside = {path.name: path.read_bytes() for path in near if path.stat().st_size < MAX_BYTES}
    files = beside | {f"{name}.ipynb": read(notebook)}
    submission = Submission(LEARNER, name, None, files)
    seed = submission_seed("self-study", name, LEARNER)
    with Judges(load_key(course, name)) as judges, Zygote() as zygote:
        return grade_submission(zygote, judges, submission, course.limits, seed=seed)


def _tried(chapter, exercise, graded, stubs, record, level) -> Tried:
    scores = {score.grade_id: score for score in graded.scores[chapter.name]}
    score = scores[f"test_{exercise}"]
    answer = get_cell(graded.executions[chapter.name].notebook, exercise)
    stub = get_cell(stubs, exercise).source
    points = score.auto_score or 0.0
    tries = record.of(chapter.name, exercise).after(answer.source, stub, points, score.max_score)
    record.keep(chapter.name, exercise, tries)
    if points >= score.max_score or answer.source.split() == stub.split():
        return Tried(exercise, points, score.max_score, tries)
    shown = level or tries.hint_level
    hints = tuple(_hints(chapter, exercise, score, shown))
    return Tried(exercise, points, score.max_score, tries, tuple(_failures(score)), hints)


def _failures(score: CellScore) -> Iterator[str]:
    for check in score.checks:
        if check.points < check.max_points:
            yield f"{check.label}: {check.message}" if not check.hidden else _unseen(check)
    if score.cause and not score.checks:
        yield score.cause


def _unseen(check: Check) -> str:
    return f"a hidden check did not pass. {check.nudge}".rstrip()


def _hints(chapter: Chapter, exercise: str, score: CellScore, level: int) -> Iterator[str]:
    """Level 1 is what failed; level 2 a question about the likely cause; level 3 a worked example."""
    general, *examples = [*chapter.hints(exercise), ""]
    if level >= 2 and (question := score.hint or general):
        yield question
    if level >= 3:
        yield from (text for text in examples if text)


def solution(chapter: Chapter, exercise: str) -> str:
    """The reference answer of an exercise, without its markers."""
    if exercise not in chapter.exercises:
        known = ", ".join(chapter.exercises)
        raise CourseError(f"no exercise {exercise!r}", file=chapter.name, remedy=f"exercises here: {known}")
    lines = chapter.exercises[exercise].source.splitlines()
    return "\n".join(line for line in lines if line.strip() not in (BEGIN_SOLUTION, END_SOLUTION))
