"""What `grader try` says: each exercise with its question, the map of the course, where more help is."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.terminal import console, say
from grader.errors import CourseError
from grader.learner.try_log import LEGEND, TRIES_FOR_SOLUTION, TryLog

if TYPE_CHECKING:
    from grader.course.chapter import Chapter
    from grader.learner.preflight import Preflight
    from grader.learner.self_check import ExerciseTry, Try

FINE = "Everything is in its place."
HAND_IN = "To hand it in, upload {files}, as saved, where your course collects work: no PDF, no copied text."
HELP = """\
More help with an exercise, begun or not:  grader try {notebook} --hint 2 {exercise}
(2 is the next hint, 3 a worked example)
The course's answer, once yours passed or after {tries} different tries:
grader try {notebook} --solution {exercise}"""


def tell_look(notebook: Path, look: Preflight) -> None:
    """What is missing from a notebook, which state of it was looked at, and what is handed in."""
    saved = datetime.fromtimestamp(notebook.stat().st_mtime)
    say(f"{notebook}, as it was saved at {saved:%H:%M} on {saved:%d %B}:")
    for line in (*(look.lines or [FINE]), HAND_IN.format(files=" and ".join(look.files))):
        say(line)


def tell_try(found: Try, asked: tuple[int, str] | None) -> None:
    """What was put right, then each exercise with what failed and its question.

    asked: the level of the hints, and the exercise, for which more was asked for.
    """
    level, exercise = asked or (1, "")
    known = [one.exercise for one in found.exercises]
    if asked and exercise not in known:
        raise CourseError(f"no exercise {exercise!r}", remedy=f"exercises here: {', '.join(known)}")
    for note in found.notes:
        say(note)
    for one in found.exercises:
        _tell_exercise(one, level if one.exercise == exercise else int(one.started and not one.passed))


def _tell_exercise(one: ExerciseTry, level: int) -> None:
    mark = "[green]✓[/]" if one.passed else "[red]✗[/]" if one.started else "[yellow]·[/]"
    console.print(mark, end=" ")
    say(f"{one.exercise}  {one.points:g}/{one.max_points:g}")
    hints = (f"→ {hint.replace('**', '')}" for hint in one.hints[:level])
    for line in (*one.failures, *hints):
        for part in line.splitlines():
            say(f"    {part}")


def tell_map(chapters: list[Chapter], record: TryLog) -> None:
    """The whole course as a map: a box for each exercise, full when it is passed."""
    console.print()
    for chapter in chapters:
        tries = [record.of(chapter.name, exercise) for exercise in chapter.exercises]
        boxes = "".join(t.box for t in tries)
        points, of = sum(t.points for t in tries), sum(map(chapter.points, chapter.exercises))
        by_hand = sum(float(cell.options.get("points", 0)) for cell in chapter.of_kind("manual"))
        more = f", and {by_hand:g} that a person reads" if by_hand else ""
        say(f"{chapter.name:20} {boxes:10} {points:5g} of {of:g}{more}")
    say(LEGEND)


def tell_help(found: Try, notebook: Path) -> None:
    """The commands that give more help, as they are typed for the first exercise that is not passed."""
    if unsolved := [one.exercise for one in found.exercises if not one.passed]:
        console.print()
        text = HELP.format(notebook=notebook, exercise=unsolved[0], tries=TRIES_FOR_SOLUTION)
        for line in text.splitlines():
            say(line)


def tell_solution(chapter: Chapter, exercise: str, record: TryLog) -> None:
    """The reference answer, if it was earned; else how many tries are still to go."""
    from grader.learner.reference import solution

    source, tries = solution(chapter, exercise), record.of(chapter.name, exercise)
    if tries.may_see_solution:
        console.print(source, markup=False, soft_wrap=True)
    else:
        more = TRIES_FOR_SOLUTION - len(tries.failed)
        say(
            f"{exercise}: try it yourself first; the solution opens when you pass or after {more} more tries."
        )
