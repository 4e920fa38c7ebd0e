"""The options above a chapter's cells, looked at before MyST reads them: it names no line, or a wrong one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from grader.errors import CourseError

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the quick one where it was compiled
FENCE = re.compile(r"\s*`{3,}\{code-cell\}")
OPTION = re.compile(r":([A-Za-z_][\w-]*):(?:\s+(.*))?")


def check_options(text: str, path: Path) -> None:
    """Raise a CourseError with its line for the first option that cannot be read."""
    for number, line in _options(text):
        match = OPTION.fullmatch(line)
        if not match:
            remedy = "write it as `:name: value`"
            raise CourseError(f"not a cell option: {line[:60]}", file=path, line=number, remedy=remedy)
        try:
            yaml.load(f"{match[1]}: {match[2] or ''}", Loader=LOADER)
        except yaml.YAMLError:
            remedy = "put the value into double quotes, and `\\` before those in it"
            raise CourseError(f"not readable: {line[:60]}", file=path, line=number, remedy=remedy) from None


def _options(text: str) -> Iterator[tuple[int, str]]:
    """(line number, text) of the lines with a colon right below the head of a cell."""
    at_head = False
    for number, line in enumerate(text.splitlines(), 1):
        if at_head and line.startswith(":"):
            yield number, line.rstrip()
        else:
            at_head = bool(FENCE.match(line))
