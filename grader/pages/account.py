"""What is told of one graded notebook, before it becomes a page, a text or JSON; nothing hidden is in it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from grader.answer_key import AnswerKey
from grader.books.ledger import Ledger, Standing
from grader.books.runs import Run
from grader.pages.check_ids import CheckIds
from grader.pages.questions import Question, questions
from grader.points import total
from grader.records import Repair, Status

UNREAD = {
    Status.UNREADABLE: "This notebook could not be read, so it has no score yet.",
    Status.MISSING: "This notebook was not handed in.",
    Status.NOT_GRADED: "This notebook has not been graded yet, for a reason that is not yours.",
}


@dataclass(frozen=True)
class Account:
    """One notebook of one student.

    `problem` and `detail` say why nothing of it was graded; then no points. `penalty` points are taken off
    for being late; `reason` tells of it, also where nothing is taken off. `whole` is where all notebooks of
    the submission together stand.
    """

    run: Run
    notebook: str
    questions: tuple[Question, ...] = field(repr=False)
    penalty: float
    reason: str
    problem: str
    detail: str
    whole: Standing

    @property
    def points(self) -> float:
        return max(0.0, total([*(question.points for question in self.questions), -self.penalty]))

    @property
    def max_points(self) -> float:
        return total(question.max_points for question in self.questions)

    @property
    def waits(self) -> bool:
        """Whether a part of it has no score yet."""
        return any(question.waits for question in self.questions)

    @property
    def repairs(self) -> Counter[Repair]:
        """How often each was done."""
        return Counter(repair for repair in self.run.repairs if repair.notebook == self.notebook)


def accounts(key: AnswerKey, run: Run, autograded: Path, ledger: Ledger) -> Iterator[Account]:
    """The notebooks of a run, with the answers that lie in `autograded`."""
    stands = ledger.standing(run)
    for name, notebook in run.notebooks.items():
        here, unread = (run.student, name), notebook.status in UNREAD
        ids = CheckIds(run.assignment, name)
        answered = None if unread else read_answered(autograded / f"{name}.ipynb")
        given = ledger.given(*here), ledger.said(*here)
        asked = questions(key.notebooks[name], answered, notebook.scores, *given, ids)
        yield Account(
            run,
            name,
            tuple(asked),
            ledger.penalties.get(here, 0.0),
            ledger.reasons.get(run.student, ""),
            UNREAD.get(notebook.status, ""),
            notebook.detail if unread else "",
            stands,
        )


def read_answered(path: Path) -> NotebookNode | None:
    """The executed notebook that the gradebook's writer left, None when it is gone."""
    try:
        nb = nbformat.from_dict(json.loads(path.read_bytes()))
    except (OSError, ValueError):
        return None
    for cell in nb.cells:
        cell.source = "".join(cell.source)
    return nb
