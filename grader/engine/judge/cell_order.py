"""The cells of a submission in the order of a trial: question by question, as far as tests are wanted."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from grader.engine.judge.trusted_channel import StudentCell


def by_question(cells: list[StudentCell]) -> Iterator[list[StudentCell]]:
    """The cells in runs that end with their test cells."""
    question: list[StudentCell] = []
    for cell in cells:
        if question and question[-1].grade_id and not cell.grade_id:
            yield question
            question = []
        question.append(cell)
    if question:
        yield question


def as_far_as(tests: Collection[str], cells: list[StudentCell]) -> list[StudentCell]:
    """The cells up to the last of these tests; all of them where one is missing."""
    places = {cell.grade_id: number for number, cell in enumerate(cells, 1)}
    return cells[: max(places.get(grade_id, len(cells)) for grade_id in tests)] if tests else cells
