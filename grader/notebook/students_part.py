"""What to run of a student's notebook in the student's process, found out by reading it.

The student's own cells run as they are. Of a plain cell that is still the instructor's own those statements
run whose names a cell of the student's mentions. A demonstration, be it as it was released or played with,
gives what an answer reads (its `import math`, a helper of it) and draws nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from grader.notebook.dependencies import Statement, statements, wanted
from grader.notebook.names import defined, mentioned, used
from grader.notebook.plan import Plan
from grader.notebook.planner import choose_backwards, source_of
from grader.notebook.syntax import MAX_PARSED, UNREADABLE, parse


def students_part(plan: Plan, cells: list[tuple[str, str]]) -> list[str]:
    """The source to run of each cell, given as (kind, source) in the notebook's order."""
    if plan.whole:
        return [source for _kind, source in cells]
    return _BackwardPass(plan, cells).parts()


class _BackwardPass:
    """One way through a notebook from its end: what is needed is known before what gives it."""

    def __init__(self, plan: Plan, cells: list[tuple[str, str]]):
        self.plan, self.cells, self.quota = plan, cells, MAX_PARSED
        self.mentioned: set[str] = set()
        self.read: set[str] = set()  # by answers and by what gives them something, wherever it stands
        for kind, source in cells:
            if kind == "solution":
                self.read |= self._used(source)

    def parts(self) -> list[str]:
        self.quota = MAX_PARSED
        return [self._part(kind, source) for kind, source in reversed(self.cells)][::-1]

    def _part(self, kind: str, source: str) -> str:
        if source in self.plan.plain:
            return source_of(choose_backwards(self.plan.plain[source], self.mentioned, self.plan.drawing))
        if kind == "demo" or source in self.plan.demos:
            return self._of_demo(source)
        self.mentioned |= mentioned(source, most=self.quota)
        if kind != "solution" and len(source) <= self.quota and not self.read.isdisjoint(defined(source)):
            self.read |= self._used(source)
        self.quota = max(0, self.quota - len(source))
        return source

    def _of_demo(self, source: str) -> str:
        body = self.plan.demos.get(source)
        if body is None:
            body = statements(parse(source)) if len(source) <= self.quota else ()
            self.quota = max(0, self.quota - len(source))
        try:
            return source_of(self._giving(body))
        except UNREADABLE:
            return ""

    def _giving(self, body: Iterable[Statement]) -> list[Statement]:
        chosen = []
        for statement in reversed(tuple(body)):
            if wanted(statement, self.read, self.plan.drawing):
                chosen.append(statement)
                self.read |= statement.needs
                self.mentioned |= statement.needs
        return chosen[::-1]

    def _used(self, source: str) -> frozenset[str]:
        """The names that a cell needs from elsewhere; none where it is too long or too deep to read."""
        quota, self.quota = self.quota, max(0, self.quota - len(source))
        try:
            return used(source) if len(source) <= quota else frozenset()
        except UNREADABLE:
            return frozenset()
