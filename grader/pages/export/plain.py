"""Marks as plain tables: long, a row for each question of each student, and wide, a row for each student."""

from __future__ import annotations

from collections.abc import Iterator

from grader.books.marks import Mark
from grader.pages.export.sheet import Sheet
from grader.spreadsheet import Row

PERSON = ("student_id", "last_name", "first_name", "email")
LONG = (*PERSON, "assignment", "notebook", "question", "score", "max_score", "status")
TOTALS = ("raw_score", "late_submission_penalty", "score", "max_score", "status")
PENALTY = "late penalty"


def long_rows(sheet: Sheet) -> Iterator[Row]:
    """The questions of who handed in; a late penalty is a row of its own, so that the scores add up."""
    yield LONG
    for mark in sheet.handed_in:
        for (notebook, name), worth in sheet.questions.items():
            place = (sheet.assignment, notebook, name)
            yield (*_person(mark), *place, _score(mark, (notebook, name)), worth, _status(mark))
        if mark.score is not None and mark.raw_score is not None and mark.penalty:
            lost = mark.score - mark.raw_score
            yield (*_person(mark), sheet.assignment, "", PENALTY, lost, 0.0, _status(mark))


def wide_rows(sheet: Sheet) -> Iterator[Row]:
    """Everybody in gradebook and roster, with a column for each question and nbgrader's totals."""
    yield (*PERSON, *(f"{notebook}/{name}" for notebook, name in sheet.questions), *TOTALS)
    for mark in sheet.marks.values():
        scores = (_score(mark, question) for question in sheet.questions)
        penalty = mark.penalty if mark.is_known else None
        totals = (mark.raw_score, penalty, mark.score, sheet.max_score, _status(mark))
        yield (*_person(mark), *scores, *totals)


def _person(mark: Mark) -> Row:
    person = mark.person
    return person.id, person.last_name, person.first_name, person.email


def _score(mark: Mark, question: tuple[str, str]) -> float | None:
    return mark.scores.get(question)


def _status(mark: Mark) -> str:
    return mark.waits or mark.told or ("graded" if mark.handed_in else "nothing handed in")
