"""A graded notebook, question by question, as a student may see it: hidden tests are masked here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution, is_task

from grader.notebook.causes import causes
from grader.notebook.cells import find_cell, get_cell
from grader.pages.check_ids import CheckIds
from grader.pages.headings import HEADING, Headings, ReadAgain
from grader.pages.results import CellResult, cell_result
from grader.points import total
from grader.records import CellScore


@dataclass
class Question:
    """The cells of one exercise: the student's answers and own cells, and what they earned."""

    title: str
    reading: ReadAgain
    grade_ids: list[str] = field(default_factory=list)
    answers: list[NotebookNode] = field(default_factory=list)
    own: list[NotebookNode] = field(default_factory=list)
    results: list[CellResult] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    causes: list[str] = field(default_factory=list)  # names it calls, of answers above that lost points

    @property
    def points(self) -> float:
        return total(result.points or 0.0 for result in self.results)

    @property
    def max_points(self) -> float:
        return total(result.max_points for result in self.results)

    @property
    def waits(self) -> bool:
        """Whether a part of it has no score yet."""
        return any(result.points is None for result in self.results)

    @property
    def lost(self) -> bool:
        return not self.waits and self.points < self.max_points


def questions(
    source: NotebookNode,
    answered: NotebookNode | None,
    scores: Iterable[CellScore],
    by_hand: Mapping[str, float],
    comments: Mapping[str, str],
    ids: CheckIds,
) -> list[Question]:
    """The questions of the instructor's notebook `source`, in its order.

    answered: the student's executed notebook, None when there is none. by_hand and comments: what a
    human gave and said, by grade_id. ids: the names of the checks.
    """
    parts = list(split_questions(source))
    score_of = {score.grade_id: score for score in scores}
    for question in parts:
        for grade_id in question.grade_ids:
            cell = get_cell(source, grade_id)
            answer = answered and find_cell(answered, grade_id)
            if answer and (is_solution(cell) or is_task(cell)):
                question.answers.append(answer)
            if grade_id in score_of:
                question.results.append(cell_result(cell, score_of[grade_id], by_hand.get(grade_id), ids))
        question.comments += [comments[name] for name in question.grade_ids if comments.get(name)]
    _add_own_cells(parts, source, answered)
    _add_causes(parts)
    return [question for question in parts if question.results]


def split_questions(source: NotebookNode) -> Iterator[Question]:
    """The questions with their grade_ids: answers up to and with the tests that follow them."""
    question, headings, closed = None, Headings(), True
    for cell in source.cells:
        if not is_solution(cell):  # a reference answer's headings and links are not for students
            headings.pass_by(_opening(cell) if is_task(cell) else cell.source, cell.cell_type)
        if not (is_solution(cell) or is_grade(cell) or is_task(cell)):
            continue
        grade_id = cell.metadata.nbgrader.grade_id
        if question is None or (closed and (is_solution(cell) or is_task(cell))):
            if question:
                yield question
            question = Question(headings.title or grade_id, headings.reading)
        question.grade_ids.append(grade_id)
        closed = is_grade(cell) or is_task(cell)
    if question:
        yield question


def _opening(task: NotebookNode) -> str:
    """The heading of a task, if it has one: what follows may be a mark scheme, whatever its marks."""
    lines = task.source.partition("MARK SCHEME")[0].splitlines()
    return next((line for line in lines if HEADING.match(line)), "")


def _add_own_cells(parts: list[Question], source: NotebookNode, answered: NotebookNode | None) -> None:
    """Cells that the student added go to the question they stand in."""
    released = {(cell.cell_type, cell.source) for cell in source.cells}
    place = {grade_id: question for question in parts for grade_id in question.grade_ids}
    current = parts[0] if parts else None
    for cell in answered.cells if answered else ():
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        current = place.get(grade_id, current)
        if current and not grade_id and cell.source.strip() and (cell.cell_type, cell.source) not in released:
            current.own.append(cell)


def _add_causes(parts: list[Question]) -> None:
    code = ([cell.source for cell in part.answers if cell.cell_type == "code"] for part in parts)
    found = causes(zip(code, (part.lost for part in parts), strict=True))
    for question, names in zip(parts, found, strict=True):
        question.causes = names
