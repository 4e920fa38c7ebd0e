"""A test cell that runs inside the student's process, as nbgrader's own kernel runs it, and what it is worth.

The rule is nbgrader's: an exception earns 0; a last value that reads as a number earns that number, another
one or none earns everything. Two things differ: what is written to stderr costs nothing (unless the cell is
`strict`), and a number out of range earns 0. All that comes back is the student's process's claim.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from grader.engine.judge.allowance import Allowance
from grader.engine.judge.checkpoints import Checkpoints
from grader.engine.judge.link import Link
from grader.engine.judge.listener import as_stdout
from grader.engine.judge.outcome import Outcome, describe, kind_of
from grader.engine.judge.student_errors import error_class
from grader.engine.judge.trusted_channel import StudentCell
from grader.engine.wire.admission import admitted
from grader.notebook.aftermath import aftermaths
from grader.notebook.plan import Plan, TestCell
from grader.records import Place, Status

STDERR = "the test wrote to stderr, which costs its points where a blank answer would pass"


class InsideTests:
    """The test cells of `plan` that run in the student's process.

    places: where the author, or a survey, wants tests to run. left_behind: grade_id -> what later cells need
    of a test that ran elsewhere.
    """

    def __init__(self, plan: Plan, checkpoints: Checkpoints, places: Mapping[str, Place]):
        self._tests, self._checkpoints = plan.tests, checkpoints
        self._known: dict[str, tuple[str, str]] = {}
        classes = plan.all_classes | ({"_ANY"} if "ANY" in plan.words else set())  # unittest.mock's
        known = tuple(classes), tuple(plan.modules), plan.masks
        self._rules = (tuple(plan.claims), *known), tuple(plan.replaced)
        idiomatic = (name for name, test in plan.tests.items() if test.idiom)
        self._places = {**dict.fromkeys(idiomatic, Place.INSIDE), **places}
        inside = {name for name in self._tests if self.place(name) is not Place.OUTSIDE}
        self.left_behind = aftermaths(plan, inside) if plan.whole or inside else {}

    def place(self, grade_id: str) -> Place:
        return self._places.get(grade_id, Place.OUTSIDE)

    def outcome(
        self, grade_id: str, allowance: Allowance, count: int, max_chars: int
    ) -> tuple[Outcome, list]:
        """Run a test as cell number `count`: its outcome, and what of its outputs may be shown.

        One with hidden lines runs in a copy of the process, which ends with it.
        """
        test = self._tests[grade_id]
        if test.hidden:
            self._checkpoints.copy()
        with self._checkpoints as link:
            link.start_cell(allowance.deadline, allowance.extended)
            outcome, shown = self._run(test, link, count, max_chars)
        if test.hidden and not outcome.lost:
            self._checkpoints.drop()
        elif not outcome.lost:
            self._checkpoints.ran(StudentCell(-1, test.source))
        return outcome, shown

    def _run(self, test: TestCell, link: Link, count: int, max_chars: int) -> tuple[Outcome, list]:
        ending = f"_{secrets.token_hex(4)}"  # the test's own variables have names that nobody can know
        self._known |= test.names.given  # the functions of this test may be called by a later one
        rules = (self._known, tuple(test.names.given), tuple(test.names.own), ending), *self._rules
        failed, claimed, _dropped = link.run_test(test.source, rules, count, max_chars)
        outputs, _ = admitted(claimed, max_chars)
        strict = self.place(test.grade_id) is Place.STRICT
        outcome = _worth(test, outputs, strict) if failed is None else _failed(test, failed, ending)
        plain = [as_stdout(output) for output in outputs if output["output_type"] != "error"]
        return outcome, [] if test.hidden else plain  # prints of a hidden test could tell what it asks


def _failed(test: TestCell, claim: Any, ending: str) -> Outcome:
    try:
        kinds, message, line = claim
        error = error_class([str(kind) for kind in kinds])(str(message).replace(ending, ""))
    except (TypeError, ValueError):
        return Outcome(0.0, "the student's code answered with nonsense", lost=Status.DIED)
    hidden = line in test.hidden
    lines = test.source.split("\n")
    code = lines[line - 1].strip() if type(line) is int and 0 < line <= len(lines) else ""
    shown = f"a test you cannot see failed ({kind_of(error)})" if hidden else describe(error)
    return Outcome(0.0, shown, f"line {line}: {code}: {describe(error)}", hidden=hidden)


def _worth(test: TestCell, outputs: list[dict], strict: bool) -> Outcome:
    """The points of a cell that ended well, by the last value shown: student code may show some, too."""
    value = ""
    for output in outputs:
        kind = output["output_type"]
        if kind == "error":  # shown by a magic such as %%capture, which swallows the exception itself
            shown = f"{output['ename']}: {output['evalue']}"
            return Outcome(0.0, "a test you cannot see failed" if test.hidden else shown, shown)
        if strict and kind == "stream" and output["name"] == "stderr":
            return Outcome(0.0, STDERR)
        if kind == "execute_result":
            value = output["data"].get("text/plain", "")
    return _number(test.max_points, value)


def _number(maximum: float, text: str) -> Outcome:
    try:
        points = float(text)
    except ValueError:
        return Outcome(maximum)
    if 0 <= points <= maximum:
        return Outcome(points)
    return Outcome(0.0, f"the test's last value is {points:g}, not a number from 0 to {maximum:g}")
