"""The answer key in parts: a digest of each test cell, and one of all that any test hangs on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from nbformat import NotebookNode

from grader.answer_key import AnswerKey
from grader.course.key import digest_of
from grader.grading.environment import needs
from grader.notebook.cells import grade_id_of, is_test
from grader.notebook.plan import Plan
from grader.notebook.planner import make_plan
from grader.notebook.separation import test_groups


class KeyParts:
    """The parts of `key`; they are found when they are asked for, once."""

    def __init__(self, key: AnswerKey):
        self._key = key

    @cached_property
    def rest(self) -> AnswerKey:
        """The key with a digest that knows which tests belong together and what code judges them, but not
        what they say."""
        key = self._key
        more = [
            needs(),
            key.library_name,
            key.library,
            key.whole,
            key.surroundings.python,
            key.surroundings.data,
            key.places,
        ]
        groups = {name: list(map(sorted, found)) for name, found in self.groups.items()}
        notebooks = {name: _without_tests(nb) for name, nb in key.notebooks.items()}
        return replace(key, digest=digest_of(notebooks, {**key.files, **key.handed_in}, {}, [more, groups]))

    @cached_property
    def tests(self) -> dict[str, dict[str, str]]:
        """notebook -> grade_id -> digest of the test cell, its points and its known-wrong answers."""
        return {
            name: {grade_id_of(cell): self._digest(cell) for cell in nb.cells if is_test(cell)}
            for name, nb in self._key.notebooks.items()
        }

    @cached_property
    def groups(self) -> dict[str, list[frozenset[str]]]:
        """notebook -> its tests, in groups that run together."""
        return {
            name: test_groups(plan) if plan else [frozenset(self.tests[name])]
            for name, plan in self._plans.items()
        }

    @cached_property
    def asked(self) -> dict[str, frozenset[str]]:
        """notebook -> the names that its tests take from a student."""
        plans = {name: plan.tests.values() if plan else () for name, plan in self._plans.items()}
        return {name: frozenset().union(*(t.remote for t in tests)) for name, tests in plans.items()}

    @cached_property
    def _plans(self) -> dict[str, Plan | None]:
        return {name: _plan(nb, self._key.whole) for name, nb in self._key.notebooks.items()}

    def _digest(self, cell: NotebookNode) -> str:
        wrong = [(m.source, m.loses, m.hint) for m in self._key.mistakes.get(grade_id_of(cell), ())]
        text = json.dumps([cell.source, cell.metadata, wrong], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def touched(self, before: Mapping[str, Mapping[str, str]]) -> dict[str, frozenset[str]]:
        """notebook -> the tests that are not those of `before`, and whoever shares a group with one."""
        found = {}
        for name, now in self.tests.items():
            changed = {grade_id for grade_id in now if now[grade_id] != before.get(name, {}).get(grade_id)}
            found[name] = frozenset().union(*(group for group in self.groups[name] if group & changed))
        return found


def _plan(nb: NotebookNode, whole: bool) -> Plan | None:
    """None for a notebook that cannot be read, of which the judge will speak."""
    try:
        return make_plan(nb, whole=whole)
    except SyntaxError:
        return None


def _without_tests(nb: NotebookNode) -> NotebookNode:
    cells = [_bare(cell) if is_test(cell) else cell for cell in nb.cells]
    return NotebookNode(cells=cells)


def _bare(cell: NotebookNode) -> NotebookNode:
    metadata = NotebookNode(nbgrader=NotebookNode(grade_id=grade_id_of(cell)))
    return NotebookNode(cell_type="code", source="", metadata=metadata)
