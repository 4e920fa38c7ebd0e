"""The answers to one question that a human marks, in an order that tells nothing and stays the same."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from glob import escape
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution, is_task

from grader.answer_key import AnswerKey
from grader.books.gradebook import read_ledger
from grader.books.ledger import Ledger
from grader.books.run_files import read_run, ungraded
from grader.course.directory import Course, open_course
from grader.course.key import load_key
from grader.notebook.cells import get_cell
from grader.pages.account import accounts
from grader.pages.feedback_template import PAGES_BYTES, cell_renderer
from grader.pages.page_budget import PageBudget
from grader.pages.questions import split_questions


@dataclass(frozen=True)
class ManualQuestion:
    """A question for humans. `marked` of its `count` answers have a score."""

    notebook: str
    grade_id: str
    title: str
    max_points: float
    count: int = 0
    marked: int = 0


@dataclass
class Piles:
    """All answers of an assignment that wait for a human, or have one's mark already."""

    course: Course
    key: AnswerKey
    ledger: Ledger = field(default_factory=Ledger)

    def refresh(self) -> Piles:
        """Read again what is marked."""
        self.ledger = read_ledger(self.course, self.key.assignment)
        return self

    def manual_questions(self) -> list[ManualQuestion]:
        """The questions for humans, in the order of the assignment."""
        return [self._asked(name, cell, title) for name, cell, title in self._cells()]

    def students(self, notebook: str, grade_id: str) -> dict[str, str]:
        """Number of an answer -> whose it is, shuffled by question; numbers stay when others hand in."""
        unread = {place for place in self.ledger.unread if self._is_readable(*place[:2])}
        names = {
            student for student, *where in {*unread, *self.ledger.by_hand} if where == [notebook, grade_id]
        }
        return dict(sorted((_number(name, notebook, grade_id), name) for name in names))

    def worth(self, notebook: str, grade_id: str) -> float:
        """The points of a question."""
        return float(get_cell(self.key.notebooks[notebook], grade_id).metadata.nbgrader.points)

    def is_marked(self, student: str, notebook: str, grade_id: str) -> bool:
        place = (student, notebook, grade_id)
        return place in self.ledger.by_hand and place not in self.ledger.unread

    def asked(self, notebook: str, grade_id: str) -> str:
        """The text above a question, and the instructor's own cell: its reference, or the task itself."""
        cells = self.key.notebooks[notebook].cells
        own = cells.index(get_cell(self.key.notebooks[notebook], grade_id))
        above = [
            one
            for one in cells[max(0, own - 1) : own]
            if one.cell_type == "markdown" and not is_solution(one)
        ]
        return "".join(map(cell_renderer(PageBudget(PAGES_BYTES)), [*above, cells[own]]))

    def html(self, student: str, notebook: str, grade_id: str) -> str:
        """The answer, and what else the student wrote there, as harmless HTML."""
        run = read_run(self.course.root, student, self.key.assignment)
        if run is None or notebook not in run.notebooks:
            return "<p>There is no record of this submission: run grader grade.</p>"
        of_all = accounts(self.key, run, self._folder(student), self.ledger)
        account = next(one for one in of_all if one.notebook == notebook)
        render = cell_renderer(PageBudget(PAGES_BYTES))
        for question in account.questions:
            if grade_id in question.grade_ids:
                return "".join(map(render, [*question.answers, *question.own]))
        return f"<p>{account.problem or 'Nothing was answered.'}</p>"

    def _is_readable(self, student: str, notebook: str) -> bool:
        """Whether there is a notebook that a human could read: a file that is none has nothing to mark."""
        return (self._folder(student) / f"{notebook}.ipynb").is_file()

    def _folder(self, student: str) -> Path:
        return self.course.folder("autograded", student, self.key.assignment)

    def _cells(self):
        for name, nb in self.key.notebooks.items():
            titles = {one: q.title for q in split_questions(nb) for one in q.grade_ids}
            for cell in nb.cells:
                if is_task(cell) or (is_solution(cell) and is_grade(cell)):
                    yield name, cell, titles.get(cell.metadata.nbgrader.grade_id, "")

    def _asked(self, name: str, cell: NotebookNode, title: str) -> ManualQuestion:
        grade_id, points = cell.metadata.nbgrader.grade_id, float(cell.metadata.nbgrader.points)
        students = self.students(name, grade_id)
        marked = sum(self.is_marked(student, name, grade_id) for student in students.values())
        return ManualQuestion(name, grade_id, title, points, len(students), marked)


def _number(*place: str) -> str:
    text = "\0".join(place).encode("utf-8", "surrogateescape")
    return hashlib.sha256(text).hexdigest()[:24]


def open_piles(course_dir: Path, assignment: str) -> Piles:
    """Raises CourseError for an assignment that cannot be graded, or has not been, and GradebookError."""
    course = open_course(course_dir)
    key = load_key(course, assignment)
    if not any((course.root / "runs").glob(f"*/{escape(assignment)}.json")):
        raise ungraded(assignment)
    return Piles(course, key).refresh()
