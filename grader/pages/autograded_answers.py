"""What a student answered to the question that a test belongs to, as it was graded."""

from __future__ import annotations

from functools import lru_cache

from grader.answer_key import AnswerKey
from grader.course.directory import Course
from grader.notebook.cells import find_cell, get_cell, is_solution
from grader.pages.account import read_answered
from grader.pages.questions import split_questions


class AutogradedAnswers:
    """Looks answers up in autograded/: of a student, a notebook and a grade_id; "" where there is none."""

    def __init__(self, course: Course, key: AnswerKey):
        self._course, self._key = course, key
        self._read = lru_cache(maxsize=64)(read_answered)

    def __call__(self, student: str, notebook: str, grade_id: str) -> str:
        folder = self._course.folder("autograded", student, self._key.assignment)
        nb, source = self._read(folder / f"{notebook}.ipynb"), self._key.notebooks[notebook]
        question = next((one for one in split_questions(source) if grade_id in one.grade_ids), None)
        if nb is None or question is None:
            return ""
        wanted = [name for name in question.grade_ids if is_solution(get_cell(source, name))]
        found = [find_cell(nb, name) for name in wanted]
        return "\n\n".join(cell.source for cell in found if cell is not None)
