"""What the judge has ready before a submission comes: the plan, compiled cells, a shell, imported modules."""

from __future__ import annotations

import ast
import contextlib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from types import CodeType
from typing import TYPE_CHECKING

from grader.engine.judge.compiled_test import CompiledTest, compile_test, show_lines
from grader.engine.judge.confinement import Confinement
from grader.engine.judge.deeds import guard_deeds
from grader.engine.judge.guards import guard_idioms
from grader.engine.judge.lending import make_library
from grader.engine.judge.mistakes import CompiledMistake
from grader.engine.judge.students_text import without_evaluation
from grader.engine.judge.testcell import TestRun
from grader.engine.wire import grade_format
from grader.engine.wire.arrays import expect_masks
from grader.engine.wire.capturing_shell import CapturingShell, Publisher
from grader.notebook.cells import grade_id_of, kind_of
from grader.notebook.evidence import is_unread
from grader.notebook.names import read_ahead
from grader.notebook.plan import TestCell
from grader.notebook.planner import make_plan
from grader.notebook.syntax import parse
from grader.records import Check

if TYPE_CHECKING:
    from nbformat import NotebookNode  # which costs a process that only judges more than all the rest

Mistakes = Mapping[str, list[tuple]]  # grade_id -> the fields of each known-wrong answer
Library = Sequence[tuple] | None  # as AnswerKey has it


class Bench:
    """What the judge has ready before a submission comes: plan, compiled cells, a shell, imported modules."""

    def __init__(
        self, nb: NotebookNode, mistakes: Mistakes, library_name: str, library: Library, whole: bool
    ):
        self.lends = library is not None
        self.library_name = library_name
        self.library = vars(make_library(library_name, library)) if library else {}
        self.plan = plan = make_plan(nb, whole=whole)
        self.mistakes = {name: [_known(*fields) for fields in known] for name, known in mistakes.items()}
        self.solutions = {f"test_{grade_id_of(c)}": c.source for c in nb.cells if kind_of(c) == "solution"}
        self.tests = {grade_id: compile_test(test) for grade_id, test in plan.tests.items()}
        self.steps = [self._ready(step) for step in plan.steps]
        self.reference = [self._ready(step) for step in plan.reference]
        self.shell = JudgeShell()
        self.names = self.shell.user_ns
        sources = [step if isinstance(step, str) else step.source for step in plan.steps]
        import_modules(sources)
        self._guard("\n".join(cell.source for cell in nb.cells if kind_of(cell) != "solution"))
        self.confinement = Confinement(sources)
        plan.read_ahead()
        for source in self.solutions.values():
            read_ahead(source)
        guard_idioms()
        expect_masks(plan.masks)

    def _guard(self, instructors: str) -> None:
        """Let nothing of a student's run here; `instructors`: what the course says itself."""
        if self.lends:  # the chapters' own tests are known to evaluate nothing of a student's
            return
        self.names["__builtins__"] = without_evaluation(instructors)
        guard_deeds(instructors)

    @property
    def points(self) -> dict[str, float]:
        """grade_id -> most points, of each test cell."""
        return {grade_id: compiled.test.max_points for grade_id, compiled in self.tests.items()}

    def _ready(self, step: str | TestCell) -> CodeType | CompiledTest:
        return compiled(step) if isinstance(step, str) else self.tests[step.grade_id]


def compiled(source: str) -> CodeType:
    """Plain statements; what only a notebook's shell can run, such as `await`, raises when it is run here."""
    try:
        return compile(source, "<instructor>", "exec")
    except SyntaxError as error:
        return compile(f"raise SyntaxError({str(error)!r})", "<instructor>", "exec")


def _known(source: str, loses: float, hint: str) -> CompiledMistake:
    filename = f"<known-wrong answer {zlib.crc32(source.encode())}>"
    show_lines(source, filename)
    return CompiledMistake(compile(source, filename, "exec"), loses, hint)


def import_modules(sources: Iterable[str]) -> None:
    """Import what the sources import, so that it is there after the fork; binds no name."""
    for node in (node for source in sources for node in ast.walk(parse(source))):
        modules = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        modules += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
        for module in modules:
            with contextlib.suppress(Exception):  # a cell that needs it will say so
                __import__(module)


class JudgePublisher(Publisher):
    """Gives the rows of a Grade to the run of the test cell, and shows only those that are not hidden."""

    run: TestRun

    def publish(self, data, metadata=None, source=None, **kwargs):
        if grade_format.MIME in data:
            self.run.add_checks(data[grade_format.MIME])
            if is_unread():
                return
            if any(check.hidden for check in self.run.checks):
                data = {"text/plain": visible(self.run.checks)}
        if not self.run.in_hidden():
            super().publish(data, metadata, **kwargs)


def visible(checks: Iterable[Check]) -> str:
    """The checks as text; of the hidden ones what they earned together, and the nudges of what failed."""
    shown = [check for check in checks if not check.hidden]
    hidden = [check for check in checks if check.hidden]
    lines = [
        f"{c.label}  [{c.points:g}/{c.max_points:g}]" + (f"\n    {c.message}" if c.message else "")
        for c in shown
    ]
    earned, offered = sum(c.points for c in hidden), sum(c.max_points for c in hidden)
    nudges = [f"    {check.nudge}" for check in hidden if check.nudge and not check.passed]
    return "\n".join([*lines, f"checks you cannot see  [{earned:g}/{offered:g}]", *nudges])


class JudgeShell(CapturingShell):
    publisher_class = JudgePublisher
