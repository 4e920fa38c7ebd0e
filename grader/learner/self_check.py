"""`grader try`: a lone learner's own notebook, graded here and now, with hints level by level."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from nbformat import NotebookNode

from grader.course.build import build, chapters
from grader.course.chapter import Chapter
from grader.course.directory import Course, open_course
from grader.errors import SandboxError
from grader.learner import own_code
from grader.learner.notebook_scores import NotebookScores
from grader.learner.preflight import find_name, in_groups, released
from grader.learner.try_log import TryLog
from grader.notebook.causes import START_THERE, causes
from grader.notebook.cells import get_cell
from grader.records import CellScore, Check
from grader.repair.rescue import CUT_OFF

NOT_NOTED = "{folder} cannot be written to, so this try is not noted."


@dataclass(frozen=True)
class ExerciseTry:
    """One exercise of a try: what it earned, what failed, and its hints, level by level.

    Level 1 is a question, about the likely cause where it was recognised; the last one is a worked example.
    """

    exercise: str
    points: float
    max_points: float
    answer: str
    started: bool
    failures: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return self.points >= self.max_points


@dataclass(frozen=True)
class Try:
    """What a try found: each exercise, and what was put right in the file or is to be said of it."""

    exercises: tuple[ExerciseTry, ...]
    notes: tuple[str, ...] = ()


def try_notebook(course_dir: Path, notebook: Path, log: TryLog) -> Try:
    """Grade every exercise of the notebook and note the tries in `log`.

    In the sandbox where this machine has one, else as the learner's own code. In a file that is cut off
    nothing is a try.
    """
    (chapter,) = chapters(course_dir, find_name(course_dir, notebook))
    with contextlib.suppress(PermissionError):  # what was built before will do
        build(course_dir, chapter.name)
    ran = _run(open_course(course_dir), chapter.name, notebook)
    stubs = released(course_dir, chapter.name)
    tried = _with_causes([_tried(chapter, exercise, ran, stubs) for exercise in chapter.exercises])
    notes = list(ran.notes)
    if CUT_OFF not in notes:
        notes += _note(log, chapter.name, tried)
    return Try(tried, tuple(in_groups(notes)))


def _run(course: Course, name: str, notebook: Path) -> NotebookScores:
    if sys.platform.startswith("linux") and hasattr(os, "fork"):
        from grader.learner import in_sandbox  # which only Linux has the means for

        with contextlib.suppress(SandboxError):
            return in_sandbox.run(course, name, notebook)
    return own_code.run(course, name, notebook)


def _note(log: TryLog, chapter: str, tried: Iterable[ExerciseTry]) -> list[str]:
    """Note what was tried; a line where that cannot be."""
    for one in tried:
        if one.started:
            before = log.of(chapter, one.exercise)
            log.keep(chapter, one.exercise, before.after(one.answer, "", one.points, one.max_points))
    return [] if log.save() else [NOT_NOTED.format(folder=log.folder)]


def _tried(chapter: Chapter, exercise: str, ran: NotebookScores, stubs: NotebookNode) -> ExerciseTry:
    score = ran.scores[f"test_{exercise}"]
    answer = get_cell(ran.notebook, exercise).source
    started = answer.split() != get_cell(stubs, exercise).source.split()
    failures = tuple(_failures(score)) if started else ()
    hints = tuple(dict.fromkeys(filter(None, (score.hint, *chapter.hints(exercise)))))
    return ExerciseTry(exercise, score.auto_score or 0.0, score.max_score, answer, started, failures, hints)


def _with_causes(tried: list[ExerciseTry]) -> tuple[ExerciseTry, ...]:
    """The same, where a wrong answer that this one calls is the first hint."""
    found = causes(([one.answer], not one.passed) for one in tried)
    return tuple(
        replace(one, hints=(START_THERE.format(name=names[0]), *one.hints)) if names and one.failures else one
        for one, names in zip(tried, found, strict=True)
    )


def _failures(score: CellScore) -> Iterator[str]:
    for check in score.checks:
        if not check.passed:
            yield f"{check.label}: {check.message}" if not check.hidden else _unseen(check)
    if score.cause and not score.checks:
        yield score.cause


def _unseen(check: Check) -> str:
    return f"a hidden check did not pass. {check.nudge}".rstrip()
