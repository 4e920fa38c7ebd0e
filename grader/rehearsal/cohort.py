"""A made-up class for a chapter, from the chapter's own material: right, wrong, empty, broken answers."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import nbjson
from nbgrader.preprocessors import ClearHiddenTests

from grader.atomic import write_atomic
from grader.course.chapter import Chapter, read_chapter
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.intake.submissions import TIMESTAMP
from grader.notebook.cells import get_cell
from grader.notebook.given_lines import without_markers
from grader.rehearsal.stand_ins import stand_ins

NAMES = """ada alan alonzo annie barbara carl cecilia chien claude edsger emmy ernest frank geoffrey grace
hedy henri hypatia ida john julia karen katherine kurt leslie lise maria mary max niels norbert rosalind
sofia tim"""
SUBMITTED_AT = "2026-01-{day:02d} {hour:02d}:15:00 UTC\n"
ENDLESS = "while True: pass"
TEXTS = ("", "Because the two errors of first order cancel.", "I looked at the plot: it **falls faster**.")


@dataclass(frozen=True)
class MadeUpStudent:
    """One made-up student: the answers by grade_id, and whether the file is damaged."""

    student: str
    answers: dict[str, str] = field(repr=False)
    damaged: str = ""


def make_cohort(course_dir: Path, assignment: str, count: int = 30, *, seed: int = 0) -> list[MadeUpStudent]:
    """Write `count` submissions of a chapter into submitted/: the same ones for the same seed.

    The first five are a full reference, an empty notebook, an infinite loop, a crash and a file cut off
    in the middle; then come mixtures of reference, right, known-wrong and empty answers.
    """
    chapter = read_chapter(Path(course_dir) / "chapters" / f"{assignment}.md")
    course = open_course(course_dir)
    key = load_key(course, assignment)
    released, _ = ClearHiddenTests().preprocess(copy.deepcopy(key.unsolved[chapter.name]), {})
    source = key.notebooks[chapter.name]
    members = list(_members(chapter, source, random.Random(seed), count))
    for number, member in enumerate(members):
        target = course.folder("submitted", member.student, assignment)
        write_atomic(target / f"{chapter.name}.ipynb", _file(released, member))
        for name, data in key.handed_in.items():
            write_atomic(target / name, data)
        when = SUBMITTED_AT.format(day=1 + number % 28, hour=8 + number % 12)
        write_atomic(target / TIMESTAMP, when)
    return members


def _members(
    chapter: Chapter, source: NotebookNode, draw: random.Random, count: int
) -> Iterator[MadeUpStudent]:
    reference = {exercise: get_cell(source, exercise).source for exercise in chapter.exercises}
    first, *_, last = [*reference, *reference]
    names = [name + suffix for suffix in ["", *map(str, range(2, 99))] for name in NAMES.split()][:count]
    draw.shuffle(names)
    special = [
        (reference, ""),
        ({}, ""),
        (reference | {first: stand_ins(reference[first], ENDLESS)}, ""),
        (reference | {last: _crashing(reference[last])}, ""),
        (reference, "cut"),
        (reference, "test cell deleted"),
    ]
    for number, name in enumerate(names):
        answers, damaged = (
            special[number] if number < len(special) else (_mixture(chapter, reference, draw), "")
        )
        manual = {cell.exercise: draw.choice(TEXTS) for cell in chapter.of_kind("manual")} if answers else {}
        yield MadeUpStudent(name, {k: v for k, v in (answers | manual).items() if v}, damaged)


def _mixture(chapter: Chapter, reference: dict[str, str], draw: random.Random) -> dict[str, str]:
    """Some answer to each exercise; students differ in how much they know."""
    skill, answers = draw.uniform(0.2, 0.95), {}
    for exercise, right in reference.items():
        wrong = [mistake.source for mistake in chapter.mistakes(exercise)]
        known = draw.random() < skill
        answers[exercise] = (
            draw.choice([right, *chapter.rights(exercise)]) if known else draw.choice([*wrong, ""])
        )
    return answers


def _crashing(source: str) -> str:
    return f"import ctypes\nctypes.string_at(0)\n{source}"


def _file(released: NotebookNode, member: MadeUpStudent) -> str:
    nb = copy.deepcopy(released)
    for grade_id, answer in member.answers.items():
        get_cell(nb, grade_id).source = without_markers(answer)
    if member.damaged == "test cell deleted":
        tests = [c for c in nb.cells if c.metadata.get("nbgrader", {}).get("locked")]
        nb.cells.remove(tests[0])
    text = nbjson.writes(nb) + "\n"
    return text[: len(text) * 3 // 4] if member.damaged == "cut" else text
