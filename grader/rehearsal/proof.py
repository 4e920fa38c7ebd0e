"""Proves the tests of a chapter: right answers earn everything, known-wrong ones lose and are recognised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import nbformat

from grader.course.chapter import Chapter
from grader.engine.alike import execute_alike
from grader.engine.judge.client import Judges
from grader.engine.sandbox.zygote import Zygote
from grader.notebook.evidence import marks_of, shown
from grader.records import Execution, Limits, Verdict
from grader.rehearsal.rehearsals import Rehearsal

NOTEBOOK_SEED = 0  # that of a student's own copy
STALE = (
    "{}: the marks of wrong answer {} in the chapter's file of hints are not today's; run `grader release {}`"
)

Noted = Mapping[
    str, list[dict]
]  # exercise -> marks and hint of each known mistake, as a file of hints has them


@dataclass(frozen=True)
class Proof:
    """What a rehearsal showed; `problems` is empty when the tests did what they should."""

    rehearsal: Rehearsal
    points: float
    max_points: float
    problems: tuple[str, ...]


def run(
    alike: Sequence[Rehearsal], chapter: Chapter, judges: Judges, zygote: Zygote, limits: Limits, noted: Noted
) -> list[Proof]:
    """What grading each of the rehearsals' notebooks shows of the tests, and of the marks noted of them."""
    found = verdicts(alike, chapter, judges, zygote, limits)
    return [_proof(*one, chapter, noted) for one in zip(alike, found, strict=True)]


def _proof(rehearsal: Rehearsal, found: dict[str, Verdict], chapter: Chapter, noted: Noted) -> Proof:
    earned = sum(verdict.points or 0.0 for verdict in found.values())
    problems = [p for exercise, v in found.items() for p in _problems(rehearsal, chapter, exercise, v)]
    problems += [p for exercise, v in found.items() for p in _stale(rehearsal, chapter, noted, v)]
    return Proof(rehearsal, earned, sum(map(chapter.points, found)), tuple(problems))


def verdicts(
    alike: Sequence[Rehearsal], chapter: Chapter, judges: Judges, zygote: Zygote, limits: Limits
) -> list[dict[str, Verdict]]:
    """exercise -> verdict, for each rehearsal, with its notebook graded as if a student had handed it in.

    They are of one exercise and one seed: what their notebooks begin with runs once for all of them.
    """
    name, first = chapter.name, alike[0]
    tested = [first.exercise] if first.exercise else list(chapter.exercises)
    tests = [f"test_{exercise}" for exercise in tested]
    notebooks = [_answered(judges.key.notebooks[name], one.answers) for one in alike]
    files = judges.key.handed_in
    runs = execute_alike(zygote, judges, name, notebooks, limits, seed=first.seed, files=files, only=tests)
    return [{exercise: _verdict(run, exercise) for exercise in tested} for run in runs]


def _answered(notebook: nbformat.NotebookNode, answers: dict[str, str]) -> nbformat.NotebookNode:
    cells = [nbformat.NotebookNode(cell) for cell in notebook.cells]
    for cell in cells:
        cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    return nbformat.NotebookNode(notebook, cells=cells)


def _verdict(execution: Execution, exercise: str) -> Verdict:
    missing = Verdict(f"test_{exercise}", execution.status, None, execution.detail or "no verdict")
    return execution.verdicts.get(f"test_{exercise}", missing)


def _problems(rehearsal: Rehearsal, chapter: Chapter, exercise: str, verdict: Verdict) -> Iterator[str]:
    points = chapter.points(exercise)
    earned = verdict.points or 0.0
    match rehearsal.kind:
        case "reference" | "right":
            if earned != points:
                yield f"{exercise}: {earned:g} of {points:g} with seed {rehearsal.seed}. {_failures(verdict)}"
            offered = sum(check.max_points for check in verdict.checks)
            if verdict.checks and abs(offered - points) > 1e-9:
                yield f"{exercise}: the checks add up to {offered:g}, not to {points:g}"
            yield from _silent_checks(exercise, verdict)
        case "stub":
            if earned or not _says_not_started(verdict):
                yield f"{exercise}: the released cell earns {earned:g}: {_failures(verdict)}"
        case "nothing":
            if earned:
                paid = " and ".join(f'"{check.label}"' for check in verdict.checks if check.points)
                yield f"{exercise}: returning None earns {earned:g}: give {paid} contract=True"
        case "wrong":
            yield from _wrong_problems(rehearsal, chapter, exercise, verdict)


def _wrong_problems(rehearsal: Rehearsal, chapter: Chapter, exercise: str, verdict: Verdict) -> Iterator[str]:
    mistake = chapter.mistakes(exercise)[rehearsal.number - 1]
    lost = chapter.points(exercise) - (verdict.points or 0.0)
    who = f"{exercise}: wrong answer {rehearsal.number}, seed {rehearsal.seed},"
    if lost < mistake.loses:
        yield f"{who} loses {lost:g}, not {mistake.loses:g}"
    if verdict.hint != mistake.hint:
        got = f"shows {verdict.hint!r}" if verdict.hint else "is not recognised"
        yield f"{who} {got}, not its own hint. {_failures(verdict)}"


def _stale(rehearsal: Rehearsal, chapter: Chapter, noted: Noted, verdict: Verdict) -> Iterator[str]:
    """Marks that a notebook would look for in vain: its checks say something else today."""
    if rehearsal.kind != "wrong" or rehearsal.seed != NOTEBOOK_SEED or rehearsal.exercise not in noted:
        return
    hint = chapter.mistakes(rehearsal.exercise)[rehearsal.number - 1].hint
    marks = visible_marks(verdict)
    if marks not in [one["marks"] for one in noted[rehearsal.exercise] if one["hint"] == hint] and marks:
        yield STALE.format(rehearsal.exercise, rehearsal.number, rehearsal.chapter)


def visible_marks(verdict: Verdict) -> list[str]:
    """The marks of the checks that a notebook shows as failed."""
    return marks_of(shown(verdict.checks))


def _silent_checks(exercise: str, verdict: Verdict) -> Iterator[str]:
    """A hidden check without a nudge tells whoever fails it nothing."""
    for check in verdict.checks:
        if check.hidden and not check.nudge.strip():
            yield f'{exercise}: the hidden check "{check.label}" has no nudge; add nudge="…?"'


def _says_not_started(verdict: Verdict) -> bool:
    said = [verdict.cause, *(check.message for check in verdict.checks)]
    return any("not started" in text.lower() for text in said)


def _failures(verdict: Verdict) -> str:
    failed = [f"{c.label}: {c.message}" for c in verdict.checks if not c.passed]
    return "; ".join(filter(None, [verdict.detail or verdict.cause, *failed]))
