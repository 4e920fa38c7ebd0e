"""Which cells of a submission failed, and how: the cause of the NameError that a test further down meets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from grader.engine.judge.outcome import Outcome
from grader.notebook.common_mistakes import question_for
from grader.records import Check

_MISSING = re.compile(r"name '(\w+)' is not defined|^(\w+) is not defined: run the cell")
_LINE = re.compile(r" \([^()]*, line (\d{1,6})\)$")
MAX_TOLD = 300  # characters of an exception


class Failures:
    """The cells that failed so far, in the order of the notebook."""

    def __init__(self):
        self._failed: list[tuple[str, str]] = []  # source, exception

    def add(self, source: str, outputs: list[dict]) -> None:
        """Take note of a cell with these outputs, if it failed."""
        for output in outputs:
            if output["output_type"] == "error":
                message = f"{output['ename']}: {output['evalue']}".removesuffix(": ")
                self._failed.append((source, _with_line(message[:MAX_TOLD], source)))

    def explained(self, outcome: Outcome) -> Outcome:
        """`outcome`, with the first cause where it tells of a name that a failed cell should have defined."""
        checks = tuple(replace(check, message=self._explained(check.message)) for check in outcome.checks)
        cause, detail = self._explained(outcome.cause), self._explained(outcome.detail)
        before, now = _messages(outcome.checks, outcome.detail), _messages(checks, detail)
        found = next((text for text, old in zip(now, before, strict=True) if text != old), "")
        # The question is about the cause, not about what follows from it.
        hint = question_for([found]) if found and outcome.hint else outcome.hint
        return replace(outcome, cause=cause, detail=detail, checks=checks, hint=hint)

    def _explained(self, text: str) -> str:
        missing = _MISSING.search(text)
        if not missing or not self._failed:
            return text
        name = missing[1] or missing[2]
        text = text if missing[1] else f"{name} is not defined"
        name, message = self._root(name)
        where = f"the cell with {name} ended with" if message else "a cell above ended with"
        return f"{text} ({where} {message or self._failed[0][1]})"

    def _root(self, name: str) -> tuple[str, str]:
        """The name and the exception of the failed cell with which the lack of `name` began."""
        root = name, ""
        for _ in self._failed:
            message = self._message(name)
            if not message or message == root[1]:
                break
            root = name, message
            missing = _MISSING.search(message)
            name = (missing[1] or missing[2]) if missing else name
        return root

    def _message(self, name: str) -> str:
        """The exception of the first failed cell that mentions the name, "" without one."""
        mentions = re.compile(rf"\b{name}\b").search
        return next((message for source, message in self._failed if mentions(source)), "")


def _messages(checks: Sequence[Check], detail: str) -> list[str]:
    return [*(check.message for check in checks), detail]


def _with_line(message: str, source: str) -> str:
    """What is told of a cell that is no Python, with the line that it names."""
    found, lines = _LINE.search(message), source.split("\n")
    if not found or not 0 < int(found[1]) <= len(lines):
        return message
    return f"{message[: found.start()]} in line {found[1]}: `{lines[int(found[1]) - 1].strip()}`"
