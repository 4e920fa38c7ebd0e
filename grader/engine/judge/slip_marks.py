"""How the visible checks of each test cell end with a right answer and one small change, or two, as marks.

They travel with the course, so that a notebook, which has no solution, recognises a slip as grading does.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice, takewhile
from types import CodeType

from grader.engine.judge import rerun, seeds
from grader.engine.judge.bench import Bench
from grader.engine.judge.compiled_test import CompiledTest, compile_test
from grader.engine.judge.mistakes import Reference
from grader.engine.judge.plain_statements import run_plain
from grader.engine.judge.testcell import TestRun
from grader.engine.wire.random_state import seed_all
from grader.notebook.evidence import has_value, marks_of, unread
from grader.notebook.slip_evidence import row_mark
from grader.notebook.slip_questions import OF_ONE_FORM
from grader.notebook.slips import Slip, pairs, slips
from grader.records import Check

MOST = 400  # slips of the author's answer
MOST_OF_OTHERS = 100  # and of each other right one
FIRST = 60  # of them come together with another
MOST_PAIRS = 1500
CPU_SECONDS = 6.0  # for each of these
SECONDS = 0.5  # for one of the last
TELLING = 4  # digits that came: fewer may be a chance
_CAME = re.compile(r"but is -?([\d.]+)")

Marked = list[tuple[str, list[str]]]  # what to ask, and the marks of the checks that fail
Rights = Mapping[str, Sequence[str]]  # grade_id of a test cell -> other right answers


def slip_marks(bench: Bench, seed: int, rights: Rights) -> dict[str, Marked]:
    """grade_id of a test cell -> its slips, the likely ones first, where a value is told by a check
    that fails; of those that end alike the first. Behind them two at once, each under its own hint with
    one mark for the row. Runs the author's own code in this process."""
    os.environ["GRADER_SEED"] = str(seeds.hidden(seed))
    seed_all(seeds.visible(seed))
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()), unread():
        return dict(_marked(bench, seeds.visible(seed), rights))


def _marked(bench: Bench, seed: int, rights: Rights) -> Iterator[tuple[str, Marked]]:
    reference = Reference(bench.reference)
    for step in bench.steps:
        if isinstance(step, CompiledTest):
            name = step.test.grade_id
            trials = _Trials(bench, step, reference.before(step), seed)
            yield name, trials.of(bench.solutions.get(name, ""), rights.get(name, ()))
        else:
            run_plain(step, bench.names)


class _Trials:
    """The visible part of one test cell, with answers of the author's that are wrong."""

    def __init__(self, bench: Bench, compiled: CompiledTest, own: dict, seed: int):
        self._compiled, self._bench, self._own, self._seed = _visible(compiled), bench, own, seed
        bench.names.update({name: own[name] for name in compiled.test.remote if name in own})

    def of(self, solution: str, rights: Sequence[str]) -> Marked:
        """The slips of `solution`, then those of the other right answers, then two at once."""
        found: dict[tuple[str, ...], str] = {}
        for slip in _in_time(islice(slips(solution), MOST)):
            self._note(slip, found, surely=slip.usual)
        others = chain.from_iterable(islice(slips(right), MOST_OF_OTHERS) for right in rights)
        for slip in _in_time(slip for slip in others if slip.hint not in OF_ONE_FORM):
            self._note(slip, found, surely=False)
        both = _in_time(islice(pairs(solution, FIRST), MOST_PAIRS))
        single = [(hint, list(marks)) for marks, hint in found.items()]
        return single + list(self._of_two(both, {row_mark(marks) for marks in found}))

    def _note(self, slip: Slip, found: dict[tuple[str, ...], str], surely: bool) -> None:
        failing = self._failing(slip.answer)
        marks = tuple(marks_of(failing))
        if any(map(has_value, marks)) and (surely or _is_telling(failing)):
            found.setdefault(marks, slip.hint)

    def _of_two(self, both: Iterable[tuple[Slip, str]], met: set[str]) -> Iterator[tuple[str, list[str]]]:
        for slip, hint in both:
            failing = self._failing(slip.answer, SECONDS)
            row = row_mark(marks_of(failing))
            if row not in met and _is_telling(failing):
                met.add(row)
                yield from ((one, [row]) for one in dict.fromkeys((hint, slip.hint)))

    def _failing(self, answer: CodeType, seconds: float = rerun.SECONDS) -> list[Check]:
        """The checks that fail with an answer; none where it does not run."""
        run = TestRun(self._compiled, self._bench.names, self._bench.shell.display_pub)
        outcome = rerun.outcome_of(answer, run, self._own, self._seed, seconds)
        return [check for check in (outcome.checks if outcome else ()) if not check.passed]


def _in_time(several: Iterable) -> Iterator:
    """Those that there is time for, the likely ones first."""
    ends = time.process_time() + CPU_SECONDS
    return takewhile(lambda _: time.process_time() < ends, several)


def _visible(compiled: CompiledTest) -> CompiledTest:
    """What a notebook has of a test cell, on the same lines."""
    lines = enumerate(compiled.test.source.split("\n"), 1)
    source = "\n".join("" if number in compiled.test.hidden else line for number, line in lines)
    return compile_test(replace(compiled.test, source=source))


def _is_telling(failing: Sequence[Check]) -> bool:
    """Whether the values that came are no chance: they have several digits together."""
    came = (_CAME.search(check.message) for check in failing)
    return sum(len(one[1].replace(".", "").strip("0")) for one in came if one) >= TELLING
