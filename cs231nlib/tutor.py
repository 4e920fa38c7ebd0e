"""The question that helps, where the student sits: hints below a test cell, tries, a map of the course.

    from cs231nlib.tutor import hint, progress, solution
    hint("to_rows")        # what comes after the question below the test: another one, a worked example
    solution("to_rows")    # once it passes, or after three honest tries
    progress()             # what is done

What it knows of the exercises lies in `hints/`, one file a chapter, made with the release. Tries are counted
as `grader try` counts them, in the same file.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from cs231nlib import cell_marks
from cs231nlib.exercise_facts import ExerciseFacts, all_exercises, course
from cs231nlib.question import Question
from cs231nlib.session import cell_id, find_shell
from grader.learner.try_log import LEGEND, TRIES_FOR_SOLUTION, TryLog, home_of
from grader.notebook.causes import START_THERE
from grader.notebook.evidence import digest, mark
from grader.notebook.names import defined, used
from grader.notebook.recognition import recognised

NO_SOLUTIONS = "This copy of the course has no solutions: ask your instructor."
_shown: dict[str, int] = {}  # how many levels of each exercise were shown, the first one below its test
_pointed: dict[str, list[str]] = {}  # of the last run: a wrong answer that it calls, the mistake


def note(failing: list[tuple[str, str, str]], points: float, max_points: float) -> Question | None:
    """Count this run of a test cell as a try and recognise its mistake.

    The Question for whoever fails; None where nothing does, or of a test that is not the course's.

    failing: (label, message, question) of each check that failed, in their order.
    """
    exercise = _tested_now()
    if exercise is None:
        return None
    record, answer = _record(), _answer(exercise.facts["names"])
    if failing:
        marks = [mark(label, message) for label, message, _ in failing]
        said = recognised(marks, [message for _, message, _ in failing], exercise.facts)
        below = next(filter(cell_marks.fails, sorted(used(answer))), "")
        _pointed[exercise.name] = [below and START_THERE.format(name=below), said or failing[0][2]]
        _shown.setdefault(exercise.name, 1)
    if digest(answer) != exercise.facts["stub"]:
        tries = record.of(exercise.chapter, exercise.name)
        tries = tries.after(answer, "", points, max_points, fine=not failing)
        record.keep(exercise.chapter, exercise.name, tries)
        record.save()
    return _question(exercise) if failing else None


def hint(name: str) -> None:
    """Show the next level of help for an exercise: a question, another one, a worked example."""
    if exercise := _find(name):
        levels = _question(exercise).levels
        at = min(_shown.get(name, 0), len(levels) - 1)
        _shown[name] = at + 1
        _show(levels[at])


def solution(name: str) -> None:
    """Show the course's answer once yours passed, or after three honest tries."""
    if exercise := _find(name):
        tries = _record().of(exercise.chapter, name)
        if tries.may_see_solution:
            _show_solution(exercise)
        else:
            more = TRIES_FOR_SOLUTION - len(tries.failed)
            print(f"{name}: try it yourself first; it opens when you pass, or after {more} more tries.")


def progress() -> None:
    """Draw the map of the course: a box for each exercise, full when it is passed."""
    record = _record()
    for chapter, exercises in course().items():
        tries = {name: record.of(chapter, name) for name in exercises}
        boxes = "".join(t.box for t in tries.values())
        earned, of = sum(t.points for t in tries.values()), sum(e.facts["points"] for e in exercises.values())
        print(f"{chapter:20} {boxes:10} {earned:5g} of {of:g}")
    print(LEGEND)


def _question(exercise: ExerciseFacts) -> Question:
    """What to mend first, the recognised mistake's question, the exercise's, an example; those there are."""
    example = exercise.facts["example"]
    levels = [*_pointed.get(exercise.name, ()), exercise.facts["question"], example]
    return Question(exercise.name, list(dict.fromkeys(filter(None, levels))), example)


def _find(name: str) -> ExerciseFacts | None:
    exercise = all_exercises().get(name)
    if exercise is None:
        print(f"There is no exercise {name!r}; there are {', '.join(all_exercises())}.")
    return exercise


def _tested_now() -> ExerciseFacts | None:
    """The exercise whose test cell runs: by the cell's text, or by the id that the page gives it."""
    cells = _cells()
    mark_of_cell = digest(cells[-1]) if cells else ""
    by_text = (one for one in all_exercises().values() if one.facts["test"] == mark_of_cell)
    return next(by_text, all_exercises().get(cell_id().removeprefix("test_")))


def _answer(names: list[str]) -> str:
    """The text of the last cell that ran and defined one of `names`."""
    wanted = set(names)
    own = (
        cell
        for cell in reversed(_cells()[:-1])
        if any(n in cell for n in names) and wanted & set(defined(cell))
    )
    return next(own, "")


def _cells() -> list[str]:
    shell = find_shell()
    return list(shell.user_ns.get("In", ())) if shell else []


def _record() -> TryLog:
    return TryLog(home_of(Path.cwd()))


def _show(text: str) -> None:
    if find_shell() is None:
        print(text)
        return
    from IPython.display import Markdown, display

    display(Markdown(text))


def _show_solution(exercise: ExerciseFacts) -> None:
    notebook = f"{exercise.chapter}.ipynb"
    command = [sys.executable, "-P", "-m", "grader", "try", notebook, "--solution", exercise.name]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):  # in a browser nothing is started
        print(NO_SOLUTIONS)
    else:
        print(done.stdout.strip())
