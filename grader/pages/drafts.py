"""Drafts of known-wrong answers, from what many students got wrong alike: cells to be put into a chapter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from grader.books.run_files import read_runs, ungraded
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.pages.autograded_answers import AutogradedAnswers
from grader.pages.failures import FailureGroup, groups

FENCE = "```"
NEXT = (
    "Put each into the chapter, beside the other wrong answers of its exercise, and give it a hint that asks;"
    " `grader check {0}` proves them, and `grader release {0}` tells the students' notebooks."
)
NO_CHAPTER = "Most frequent first. Only a course that is written in chapters can give them hints."
NONE = "Every wrong answer has its hint, or is the only one of its kind."


def drafts(course_dir: Path, assignment: str, most: int) -> Iterator[str]:
    """The largest groups as cells, each below a line that says how many answers it stands for.

    Raises CourseError where nothing is graded.
    """
    course = open_course(course_dir)
    key, runs = load_key(course, assignment), read_runs(course_dir, assignment)
    if not runs:
        raise ungraded(assignment)
    found = [group for group in groups(runs, AutogradedAnswers(course, key)) if group.example][:most]
    known = NEXT.format(assignment) if course.chapters.is_dir() else NO_CHAPTER
    yield f"<!-- {known if found else NONE} -->"
    for group in found:
        yield from _cell(group)


def _cell(group: FailureGroup) -> Iterator[str]:
    fence = FENCE
    while fence in group.example:
        fence += "`"
    failed = "; ".join(group.checks) or group.message or "the whole test"
    yield ""
    who = f"{group.count} student{'s' * (group.count != 1)}"
    yield f"<!-- {who}; fails: {re.sub('-(?=-)', '- ', failed)} -->"
    yield f"{fence}{{code-cell}}"
    yield f":wrong: {group.question.removeprefix('test_')}"
    yield f":loses: {group.loses:g}"
    yield ':hint: "…?"'
    yield ""
    yield group.example
    yield fence
