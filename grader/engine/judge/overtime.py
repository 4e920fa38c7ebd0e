"""An answer that never ends costs one time limit, not one in every cell and test that uses it.

Once a test, or a cell of the instructor's, has used up its time on an answer, whatever uses that answer after
it has a quarter of the time, then a quarter of that. Cells of the student's own prove nothing: they may ask
for more than any test does.
"""

from __future__ import annotations

from collections.abc import Container, Iterable

from grader.engine.judge.trusted_channel import StudentCell
from grader.notebook.names import defined, mentioned
from grader.records import Status

SHARE = 0.25
LEAST_SECONDS = 1.0


class Overtime:
    """The answers among `cells` that used up a time limit. given: the sources of the instructor's cells."""

    def __init__(self, cells: Iterable[StudentCell], given: Container[str]):
        self._cells, self._given = [cell for cell in cells if not cell.grade_id], given
        self._slow: set[str] = set()  # names of such answers, and of what uses them
        self._times = 0

    def seconds(self, full: float, source: str) -> float:
        """What code with this source may take where any other may take `full`."""
        if not self._slow or self._slow.isdisjoint(mentioned(source)):
            return full
        return min(full, max(full * SHARE**self._times, LEAST_SECONDS))

    def note(self, cell: StudentCell, source: str, status: Status) -> None:
        """A test or a cell, with the source that ran, ended so."""
        proves = status is Status.TIMED_OUT and (cell.grade_id or cell.source in self._given)
        if proves and (found := self._answer(cell, mentioned(source))):
            self._times += 1
            self._slow |= found
            while more := self._users() - self._slow:
                self._slow |= more

    def _answer(self, cell: StudentCell, names: frozenset[str]) -> set[str]:
        """Of these names those that the nearest answer above the cell defines."""
        for answer in reversed([a for a in self._cells if a.kind == "solution" and a.index < cell.index]):
            if found := names.intersection(defined(answer.source, imports=False)):
                return set(found)
        return set()

    def _users(self) -> set[str]:
        """The names whose cells mention a slow one."""
        using = (cell.source for cell in self._cells if not self._slow.isdisjoint(mentioned(cell.source)))
        return {name for source in using for name in defined(source, imports=False)}
