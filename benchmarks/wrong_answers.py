"""How well are wrong answers found and told? Runs benchmarks/answers/*.md through the real engine.

    python benchmarks/wrong_answers.py 00_toolbox 01_gradients

The answers were written from the released notebooks, without a look at the tests. Each is graded as if handed
in, with all hidden checks. A line for each answer that shows something: what it lost, and the hint that was
recognised, or else the exercise's own question; and what a notebook says where that is another hint, for it
sees the visible checks alone. Whether a hint fits is for a reader to say.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.course.build import build, chapters
from grader.course.chapter import Chapter
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.course.noted_hints import read_hints
from grader.engine.judge.client import Judges
from grader.engine.sandbox.zygote import Zygote
from grader.notebook.common_mistakes import question_for
from grader.notebook.evidence import recognise
from grader.records import Verdict
from grader.rehearsal import proof
from grader.rehearsal.rehearsals import Rehearsal

COURSE = Path(__file__).parents[1] / "course"
ANSWERS = Path(__file__).parent / "answers"
ANSWER = re.compile(r"^```python (wrong|right): (.*?)\n(.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class WrongAnswer:
    """One answer of the list: a right or a wrong one, and what it does in a few words."""

    exercise: str
    kind: str
    what: str
    source: str


def answers(chapter: str) -> Iterator[WrongAnswer]:
    """The answers to a chapter, exercise by exercise."""
    text = (ANSWERS / f"{chapter}.md").read_text(encoding="utf-8")
    for section in text.split("\n## ")[1:]:
        exercise, _, body = section.partition("\n")
        for kind, what, source in ANSWER.findall(body):
            yield WrongAnswer(exercise.strip(), kind, what, source)


def measure(name: str, zygote: Zygote) -> Counter[str]:
    """Grade the answers to a chapter; print what each shows and return how many of which kind there are."""
    course, (chapter,) = open_course(COURSE), chapters(COURSE, name)
    build(COURSE, name)
    found: Counter[str] = Counter()
    known = read_hints(course, name)["exercises"]
    marks = {exercise: facts["mistakes"] for exercise, facts in known.items()}
    with Judges(load_key(course, name)) as judges:
        for answer in answers(name):
            rehearsal = Rehearsal(name, answer.kind, answer.exercise, 0, 0, {answer.exercise: answer.source})
            (verdicts,) = proof.verdicts([rehearsal], chapter, judges, zygote, course.limits)
            verdict = verdicts[answer.exercise]
            found.update(_show(answer, verdict, chapter))
            found.update(_show_notebook(verdict, marks.get(answer.exercise, ())))
    return found


def _show(answer: WrongAnswer, verdict: Verdict, chapter: Chapter) -> list[str]:
    points = chapter.points(answer.exercise)
    lost = points - (verdict.points or 0.0)
    what = f"{answer.exercise}, {answer.kind}: {answer.what}"
    if answer.kind == "right":
        if lost:
            print(f"LOSES {lost:g} of {points:g}  {what}\n{_failures(verdict)}")
        return ["right", *(["right that lose"] if lost else [])]
    if not lost:
        print(f"PASSES  {what}")
        return ["wrong", "wrong that pass"]
    print(f"-{lost:g} of {points:g}  {what}\n{_failures(verdict)}")
    print(
        f"    hint: {verdict.hint}" if verdict.hint else f"    question: {chapter.hints(answer.exercise)[0]}"
    )
    return ["wrong", "wrong with a hint" if verdict.hint else "wrong with the question"]


def _show_notebook(verdict: Verdict, known: Iterable[dict]) -> list[str]:
    """What the cell in the notebook says, if it says another thing."""
    seen = [check for check in verdict.checks if not check.hidden and not check.passed]
    if not seen:
        return []
    hint = recognise(proof.visible_marks(verdict), known) or question_for([check.message for check in seen])
    if hint and hint != verdict.hint:
        print(f"    in the notebook: {hint}")
    return ["another hint in the notebook"] * bool(hint and hint != verdict.hint)


def _failures(verdict: Verdict) -> str:
    lost = [c for c in verdict.checks if not c.passed]
    said = [f"    {'(hidden) ' * c.hidden}{c.label}: {c.message}  {c.nudge}" for c in lost]
    return "\n".join(said or [f"    {verdict.detail or verdict.cause}"])


def main() -> None:
    with Zygote() as zygote:
        for name in sys.argv[1:]:
            print(f"# {name}")
            print(f"# {name}:", ", ".join(f"{n} {kind}" for kind, n in measure(name, zygote).items()), "\n")


if __name__ == "__main__":
    main()
