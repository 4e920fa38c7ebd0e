"""How the visible checks of each test cell end with the right answer and one small change, as marks.

They travel with the course, so that a notebook, which has no solution, recognises a slip as grading does.
"""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator
from itertools import islice

from grader.engine.judge import seeds
from grader.engine.judge.bench import Bench
from grader.engine.judge.compiled_test import CompiledTest
from grader.engine.judge.mistakes import Reference
from grader.engine.judge.plain_statements import run_plain
from grader.engine.judge.rerun import outcome_of
from grader.engine.judge.testcell import TestRun
from grader.engine.wire.random_state import seed_all
from grader.notebook.evidence import has_value, marks_of, shown, unread
from grader.notebook.slips import slips

MOST = 100  # slips of one answer
Marked = list[tuple[str, list[str]]]  # what to ask, and the marks of the checks that fail


def slip_marks(bench: Bench, seed: int) -> dict[str, Marked]:
    """grade_id of a test cell -> its slips, the likely ones first, where a value is told by a check
    that fails; of those that end alike the first. Runs the author's own code in this process."""
    os.environ["GRADER_SEED"] = str(seeds.hidden(seed))
    seed_all(seeds.visible(seed))
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()), unread():
        return dict(_marked(bench, seeds.visible(seed)))


def _marked(bench: Bench, seed: int) -> Iterator[tuple[str, Marked]]:
    reference = Reference(bench.reference)
    for step in bench.steps:
        if isinstance(step, CompiledTest):
            yield step.test.grade_id, _of_test(bench, step, reference.before(step), seed)
        else:
            run_plain(step, bench.names)


def _of_test(bench: Bench, compiled: CompiledTest, own: dict, seed: int) -> Marked:
    found: dict[tuple[str, ...], str] = {}
    bench.names.update({name: own[name] for name in compiled.test.remote if name in own})
    for slip in islice(slips(bench.solutions.get(compiled.test.grade_id, "")), MOST):
        run = TestRun(compiled, bench.names, bench.shell.display_pub)
        outcome = outcome_of(slip.answer, run, own, seed)
        marks = tuple(marks_of(shown(outcome.checks))) if outcome else ()
        if any(map(has_value, marks)):
            found.setdefault(marks, slip.hint)
    return [(hint, list(marks)) for marks, hint in found.items()]
