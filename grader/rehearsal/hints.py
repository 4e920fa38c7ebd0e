"""What a notebook needs to ask questions by itself: of each exercise the hints and the marks of mistakes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

from grader.atomic import write_atomic
from grader.course.build import chapters
from grader.course.chapter import Chapter
from grader.course.directory import Course, open_course
from grader.course.key import load_key
from grader.course.noted_hints import folder_of, made_from
from grader.engine.judge.client import Judges
from grader.engine.sandbox.zygote import Zygote
from grader.notebook.cells import find_cell
from grader.notebook.evidence import digest
from grader.notebook.names import defined
from grader.notebook.slip_evidence import ROW
from grader.records import Limits
from grader.rehearsal import proof
from grader.rehearsal.rehearsals import Rehearsal


def write_hints(course_dir: Path, assignment: str | None) -> Iterator[Path]:
    """Write the hints of one or all chapters, built and released, into the folder `c.Grader.hints`.

    Nothing where the course names none, or where it is not there.
    """
    course = open_course(course_dir)
    folder = folder_of(course)
    if folder is None:
        return
    for chapter in chapters(course_dir, assignment):
        path = folder / f"{chapter.name}.json"
        write_atomic(path, _text(chapter, course))
        yield path


def _text(chapter: Chapter, course: Course) -> str:
    released = nbformat.read(course.root / "release" / chapter.name / f"{chapter.name}.ipynb", as_version=4)
    key = load_key(course, chapter.name)
    with Zygote(None, key.surroundings) as zygote, Judges(key) as judges:
        known = dict(_mistakes(chapter, judges, zygote, course.limits))
        rights = {f"test_{name}": chapter.rights(name) for name in chapter.exercises}
        slips = judges.of(chapter.name).slips(proof.NOTEBOOK_SEED, rights)
    data = {
        name: _exercise(chapter, name, released, known[name]) | {"slips": _by_hint(slips[f"test_{name}"])}
        for name in chapter.exercises
    }
    return (
        json.dumps({"made_from": made_from(chapter), "exercises": data}, ensure_ascii=False, indent=1) + "\n"
    )


def _exercise(chapter: Chapter, name: str, released: nbformat.NotebookNode, mistakes: list) -> dict[str, Any]:
    test, stub = find_cell(released, f"test_{name}"), find_cell(released, name)
    if test is None or stub is None:
        raise KeyError(name)
    question, *examples = [*chapter.hints(name), ""]
    return {
        "test": digest(test.source),
        "stub": digest(stub.source),
        "names": defined(stub.source, imports=False),
        "points": chapter.points(name),
        "question": question,
        "example": "\n\n".join(filter(None, examples)),
        "mistakes": mistakes,
    }


def _by_hint(slips: list) -> dict[str, list[str]]:
    """hint -> the rows of marks of its slips, each in one string: there are many. Those of two at once,
    which are a mark each, in one string behind them."""
    found: dict[str, list[str]] = {}
    of_two: dict[str, str] = {}
    for hint, marks in slips:
        rows, row = found.setdefault(hint, []), " ".join(marks)
        if row.startswith(ROW):
            of_two[hint] = of_two.get(hint, "") + row
        else:
            rows.append(row)
    return {hint: [*rows, of_two[hint]] if hint in of_two else rows for hint, rows in found.items()}


def _mistakes(
    chapter: Chapter, judges: Judges, zygote: Zygote, limits: Limits
) -> Iterator[tuple[str, list[dict]]]:
    """exercise -> marks and hint of each known-wrong answer that fails a visible check."""
    for name in chapter.exercises:
        known = chapter.mistakes(name)
        alike = [_rehearsal(chapter, name, mistake.source) for mistake in known]
        found = proof.verdicts(alike, chapter, judges, zygote, limits) if alike else []
        marks = [proof.visible_marks(verdicts[name]) for verdicts in found]
        told = zip(marks, known, strict=True)
        yield name, [{"marks": one, "hint": mistake.hint} for one, mistake in told if one]


def _rehearsal(chapter: Chapter, exercise: str, answer: str) -> Rehearsal:
    return Rehearsal(chapter.name, "wrong", exercise, 0, proof.NOTEBOOK_SEED, {exercise: answer})
