"""The question that helps, where the student sits: hints below a test cell, tries, a map of the course.

    from cs231nlib.tutor import hint, progress, solution
    hint("to_rows")        # what comes after the question below the test: another one, a worked example
    solution("to_rows")    # once it passes, or after three honest tries
    progress()             # what is done

What it knows of the exercises lies in `hints/`, one file a chapter, made with the release. Tries are counted
as `grader try` counts them, in the same file.
"""

from __future__ import annotations

import functools
import html
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from cs231nlib.session import cell_id, find_shell
from grader.learner.try_log import TRIES_FOR_SOLUTION, Tries, TryLog, home_of
from grader.notebook.common_mistakes import question_for
from grader.notebook.evidence import digest, mark, recognise
from grader.notebook.names import defined

FOLDER = Path(__file__).parent / "hints"
NO_SOLUTIONS = "This copy of the course has no solutions: ask your instructor."
_shown: dict[str, int] = {}  # how many levels of each exercise were shown, the first one below its test
_pointed: dict[str, str] = {}  # the hint of the mistake that was recognised last


@dataclass(frozen=True)
class ExerciseFacts:
    """What the release says of an exercise: digests, names, hints, marks of its known mistakes."""

    chapter: str
    name: str
    facts: dict

    @property
    def levels(self) -> list[str]:
        """That of the recognised mistake, the exercise's question, a worked example; those there are."""
        levels = [_pointed.get(self.name, ""), self.facts["question"], self.facts["example"]]
        return list(dict.fromkeys(filter(None, levels)))


def note(failing: list[tuple[str, str, str]], points: float, max_points: float) -> ExerciseFacts | None:
    """Count this run of a test cell as a try, recognise its mistake; the exercise, None for no known one.

    failing: (label, message, question) of each check that failed, in their order.
    """
    exercise = _tested_now()
    if exercise is None:
        return None
    known = exercise.facts["mistakes"]
    messages = [message for _, message, _ in failing]
    recognised = recognise([mark(label, message) for label, message, _ in failing], known) if failing else ""
    _pointed[exercise.name] = recognised or question_for(messages) or (failing[0][2] if failing else "")
    if failing:
        _shown.setdefault(exercise.name, 1)
    record, answer = _record(), _answer(exercise.facts["names"])
    if digest(answer) != exercise.facts["stub"]:
        tries = record.of(exercise.chapter, exercise.name)
        tries = tries.after(answer, "", points, max_points, fine=not failing)
        record.keep(exercise.chapter, exercise.name, tries)
        record.save()
    return exercise


def question_html(exercise: ExerciseFacts) -> str:
    """The first question, and what comes next folded below it: it opens without a kernel, by keyboard too."""
    first, *more = exercise.levels
    folded = ""
    for number, text in reversed(list(enumerate(more))):
        label = "Show example" if text == exercise.facts["example"] else "Next hint"
        style = "" if number else "margin-top:.4em"
        folded = f'<details style="{style}"><summary>{label}</summary>{_paragraphs(text)}{folded}</details>'
    return f'<div class="question">{_paragraphs(first)}{folded}</div>'


def question_text(exercise: ExerciseFacts) -> str:
    """The first question and how to ask for more, where no page shows HTML."""
    return f'{exercise.levels[0]}\n(hint("{exercise.name}") gives more)'


def hint(name: str) -> None:
    """Show the next level of help for an exercise: a question, another one, a worked example."""
    if exercise := _find(name):
        levels = exercise.levels
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
    for chapter, exercises in _course().items():
        tries = {name: record.of(chapter, name) for name in exercises}
        boxes = "".join(map(_box, tries.values()))
        earned, of = sum(t.points for t in tries.values()), sum(e.facts["points"] for e in exercises.values())
        print(f"{chapter:20} {boxes:10} {earned:5g} of {of:g}")
    print("■ passed   ◪ begun   □ not yet")


def _box(tries: Tries) -> str:
    return "■" if tries.passed else "◪" if tries.points or tries.failed else "□"


@functools.cache
def _course() -> dict[str, dict[str, ExerciseFacts]]:
    files = sorted(FOLDER.glob("*.json"))
    facts = {file.stem: json.loads(file.read_text(encoding="utf-8"))["exercises"] for file in files}
    return {
        chapter: {n: ExerciseFacts(chapter, n, one) for n, one in by.items()} for chapter, by in facts.items()
    }


def _all() -> dict[str, ExerciseFacts]:
    return {name: exercise for by in _course().values() for name, exercise in by.items()}


def _find(name: str) -> ExerciseFacts | None:
    exercise = _all().get(name)
    if exercise is None:
        print(f"There is no exercise {name!r}; there are {', '.join(_all())}.")
    return exercise


def _tested_now() -> ExerciseFacts | None:
    """The exercise whose test cell runs: by the cell's text, or by the id that the page gives it."""
    cells = _cells()
    mark_of_cell = digest(cells[-1]) if cells else ""
    by_text = (one for one in _all().values() if one.facts["test"] == mark_of_cell)
    return next(by_text, _all().get(cell_id().removeprefix("test_")))


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


def _paragraphs(text: str) -> str:
    parts = _inline(html.escape(text, quote=False)).split("\n\n")
    return "".join(f'<p style="margin:.4em 0;white-space:pre-line">{part}</p>' for part in parts)


def _inline(text: str) -> str:
    """Code, strong and emphasised words, as Markdown marks them."""
    between = text.split("`")  # every second part is code
    for number, part in enumerate(between):
        if number % 2:
            between[number] = f"<code>{part}</code>"
        else:
            strong = re.sub(r"\*\*(\S[^*]*)\*\*", r"<strong>\1</strong>", part)
            between[number] = re.sub(r"(?<![\w*])\*(\S[^*]*\S|\S)\*(?![\w*])", r"<em>\1</em>", strong)
    return "".join(between)


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
