"""A submission that was graded before: only what a changed key touches runs again, where that is safe.

It is not where the student's code may keep something from one test to the next, where a test now earns or
loses its full points and so decides which answers are lent, or where anything does not end as it should.
Then the notebook runs whole. Answers that a person marks are as they were, and so is what is known of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from nbformat import NotebookNode

from grader.answer_key import AnswerKey
from grader.books.runs import Run
from grader.grading.score import score_cells
from grader.grading.survey_record import Survey
from grader.notebook.cells import grade_id_of, is_test
from grader.notebook.lasting import keeps_nothing
from grader.records import CellScore, Execution, Place, Status

Execute = Callable[..., Execution]  # of one notebook; with `only` and `short`, as `execute` has them


class Again(NamedTuple):
    """A notebook's run, the scores of all its cells, and the tests that ran where others were kept."""

    execution: Execution
    scores: tuple[CellScore, ...]
    ran: tuple[str, ...] = ()


@dataclass(frozen=True)
class Earlier:
    """run: what is on record. touched: notebook -> the tests to run again. asked: notebook -> the names that
    its tests take from a student."""

    run: Run
    touched: Mapping[str, frozenset[str]]
    asked: Mapping[str, frozenset[str]]

    def stands(self, answers: Mapping[str, str], survey: Survey) -> bool:
        """Whether the very same code would run, and all tests still outside of the student's process."""
        places = {place for known in survey.values() for place in known.places.values()}
        held = any(known.held for known in survey.values())
        return answers == self.run.basis.answers and places <= {Place.OUTSIDE} and not held

    def again(self, key: AnswerKey, name: str, nb: NotebookNode | None, execute: Execute) -> Again | None:
        """Notebook `name`, run as far as it must; None where there is none that could be read."""
        if nb is None:
            return None
        touched = self.touched[name]
        if not touched:
            return Again(self._kept(name, nb), self.run.notebooks[name].scores)
        tests = frozenset(grade_id_of(cell) for cell in key.notebooks[name].cells if is_test(cell))
        if touched < tests and _is_safe(nb, self.asked[name], key.library_name):
            execution = execute(only=touched, short=self._short(name) - touched)
            scores = self._merged(name, execution, key, touched)
            if _is_calm(execution, touched) and (key.library is None or self._lends_alike(name, scores)):
                return Again(execution, scores, tuple(sorted(touched)))
        execution = execute()
        return Again(execution, self._merged(name, execution, key, tests), tuple(sorted(tests)))

    def _kept(self, name: str, nb: NotebookNode) -> Execution:
        was = self.run.notebooks[name]
        return Execution(nb, was.status, was.seconds, was.peak_mb, was.detail, {}, was.sandbox, was.cpu)

    def _merged(
        self, name: str, execution: Execution, key: AnswerKey, ran: Iterable[str]
    ) -> tuple[CellScore, ...]:
        """The new scores of what ran, the others as they are on record."""
        new = {score.grade_id: score for score in score_cells(execution, key.unsolved[name])}
        return tuple(new[s.grade_id] if s.grade_id in ran else s for s in self.run.notebooks[name].scores)

    def _short(self, name: str) -> frozenset[str]:
        return _short_of(self.run.notebooks[name].scores)

    def _lends_alike(self, name: str, scores: Iterable[CellScore]) -> bool:
        """Whether the answers of the same questions are lent to those that follow."""
        return self._short(name) == _short_of(scores)


def earlier_of(
    run: Run, touched: Mapping[str, frozenset[str]], asked: Mapping[str, frozenset[str]]
) -> Earlier | None:
    """For the record of a grading that went well from its beginning to its end; None for another."""
    cells = [score for _, score in run.scores]
    calm = all(nb.status is Status.COMPLETED for nb in run.notebooks.values())
    outside = all(s.status is Status.COMPLETED and s.where is Place.OUTSIDE for s in cells)
    whole = run.status is Status.COMPLETED and run.notebooks.keys() == touched.keys()
    return Earlier(run, touched, asked) if whole and calm and outside and not run.failures else None


def whole(execution: Execution, unsolved: NotebookNode) -> Again:
    """A run of which nothing is kept from before."""
    return Again(execution, score_cells(execution, unsolved))


def _short_of(scores: Iterable[CellScore]) -> frozenset[str]:
    return frozenset(score.grade_id for score in scores if score.auto_score != score.max_score)


def _is_calm(execution: Execution, ran: Iterable[str]) -> bool:
    verdicts = [execution.verdicts.get(grade_id) for grade_id in ran]
    fine = all(verdict and verdict.status is Status.COMPLETED for verdict in verdicts)
    return fine and execution.status is Status.COMPLETED


def _is_safe(nb: NotebookNode, asked: Iterable[str], library: str) -> bool:
    """Whether calls of the student's functions leave nothing behind."""
    sources = (cell.source for cell in nb.cells if cell.cell_type == "code" and not is_test(cell))
    return keeps_nothing(sources, asked, library)
