"""Runs the test cells of one trial: gives each the student's names, draws its outcome from a run or two."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from types import CodeType
from typing import Any

from grader.engine.judge.alarm import Alarm
from grader.engine.judge.allowance import Allowance
from grader.engine.judge.bench import Bench
from grader.engine.judge.compiled_test import CompiledTest
from grader.engine.judge.draws import Draws
from grader.engine.judge.guards import close_figures, reassigned
from grader.engine.judge.link import Link
from grader.engine.judge.listener import Listener
from grader.engine.judge.mistakes import Reference, recognise, what_checks_ask
from grader.engine.judge.outcome import Outcome, least
from grader.engine.judge.plain_statements import run_plain
from grader.engine.judge.testcell import TestRun
from grader.records import Status

Allow = Callable[[], Allowance]  # begins the time that something may take


class Tester:
    """The test cells of `bench`, over names that live as long as the trial; `seed`: the visible one."""

    def __init__(self, bench: Bench, seed: int):
        self._bench, self._seed = bench, seed
        self._draws = Draws(seed, flow=bench.plan.seeds)
        self._names: dict[str, Any] = bench.names
        self._step = 0
        self.reference = Reference(bench.reference)
        self._publisher = bench.shell.display_pub

    def plain_before(self, compiled: CompiledTest) -> Iterator[tuple[str, CodeType]]:
        """The instructor's plain statements that stand before this test, of each cell once: never again."""
        here = self._bench.steps.index(compiled)
        while self._step < here:
            now, self._step = self._step, self._step + 1
            source, step = self._bench.plan.steps[now], self._bench.steps[now]
            if not isinstance(step, CompiledTest):
                yield str(source), step

    def run_plain(self, step: CodeType, compiled: CompiledTest, link: Link, allow: Allow) -> None:
        """Run plain statements for a test that follows. Raises StudentGone, TooLong."""
        with Alarm(self._bind(compiled, link, allow)), self._draws.of_plain_cells():
            run_plain(step, self._names)

    def outcome(
        self, compiled: CompiledTest, link: Link, allow: Allow, max_chars: int
    ) -> tuple[Outcome, list]:
        """The outcome of a test cell and what it showed. Raises StudentGone, TooLong from before its start.

        When an argument was changed in place the cell runs again, with the changes let in (see `testcell`)
        and as much time.
        """
        allowance = self._bind(compiled, link, allow)
        before, in_place = dict(self._names), compiled.test.in_place
        self._draws.start()
        first, shown = self._run(compiled, link, in_place, allowance, max_chars)
        if in_place or first.lost or not first.points or not link.changes:
            return self._with_hint(first, first, compiled, before), shown
        changed_by = link.changes[0]
        self._reset(before)
        link.forget()
        allowance = self._bind(compiled, link, allow)
        second, shown_then = self._run(compiled, link, True, allowance, max_chars)
        shown = shown_then if second.points < first.points else shown
        return self._with_hint(least(first, second, changed_by), second, compiled, before), shown

    def _run(
        self, compiled: CompiledTest, link: Link, let_in: bool, allowance: Allowance, max_chars: int
    ) -> tuple[Outcome, list]:
        self._draws.begin()
        close_figures()
        link.let_in, link.operators = let_in, self._bench.plan.operators
        run = TestRun(compiled, self._names, self._publisher)
        with Listener(link, run, self._bench.shell.capture, max_chars) as listener:
            bound = {name: self._names[name] for name in compiled.test.remote if name in self._names}
            outcome = run.outcome(allowance)
            if link.gone and not outcome.lost:  # a check bears it, or the test took it for the answer's
                points = outcome.points if link.gone.settled and not link.changes else 0.0
                outcome = replace(outcome, points=points, cause=str(link.gone), lost=link.gone.status)
            if outcome.detail:
                outcome = replace(outcome, detail=outcome.detail + reassigned(bound, self._names))
        return outcome, listener.shown if not outcome.lost else []

    def _bind(self, compiled: CompiledTest, link: Link, allow: Allow) -> Allowance:
        """Give the test the names that the student's cells define, and no other value for them: what is left
        of the time that begins now."""
        allowance = allow()
        link.wait_until(allowance.deadline, allowance.extended)
        with Alarm(allowance):
            found = link.names(sorted(compiled.test.remote), self._bench.plan.classes)
        for name in compiled.test.remote:
            self._names.pop(name, None)
        self._names.update(found)
        return allowance

    def _with_hint(self, outcome: Outcome, seen: Outcome, compiled: CompiledTest, before: dict) -> Outcome:
        """`seen` is the outcome to compare: that of the run which was as in the student's own notebook."""
        known = self._bench.mistakes.get(compiled.test.grade_id, ())
        if not known or outcome.lost is Status.NOT_GRADED or outcome.points == compiled.test.max_points:
            return outcome
        if outcome.lost:  # no other answer is compared with what did not come to its end
            return replace(outcome, hint=what_checks_ask(outcome))
        after = dict(self._names)
        self._reset(before)  # the very dict: functions of plain cells look up the student's names in it
        local = TestRun(compiled, self._names, self._publisher)
        solution = self._bench.solutions.get(compiled.test.grade_id, "")
        hint = recognise(seen, local, self.reference, known, self._seed, solution)
        self._reset(after)
        return replace(outcome, hint=hint)

    def _reset(self, names: dict) -> None:
        self._names.clear()
        self._names.update(names)
