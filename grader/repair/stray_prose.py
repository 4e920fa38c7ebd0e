"""Half a question in the code of an answer: somebody split its cell, and merged a half into the wrong one.

Only where the answer is no Python with these lines and is Python without them: then nothing can be lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import dropwhile

from grader.notebook.syntax import parse
from grader.repair.assignment_cell import AssignmentCell
from grader.repair.celltext import SHORT


def without_prose(targets: Sequence[AssignmentCell], key: int, text: str) -> str:
    """The answer to the cell at `key` without lines of the text above or below it at its borders."""
    if targets[key].kind != "code" or len(text) > SHORT or parse(text).body:
        return text
    rows = _after(text.split("\n"), _prose(reversed(targets[:key])))
    rows = _after(reversed(rows), _prose(targets[key + 1 :]))
    rest = "\n".join(reversed(rows))
    return rest if parse(rest).body else text


def _prose(targets: Iterable[AssignmentCell]) -> set[str]:
    """The lines of the next text of the instructor's, and the empty one."""
    return {"", *next((target.lines for target in targets if target.kind == "markdown"), ())}


def _after(rows: Iterable[str], prose: set[str]) -> list[str]:
    return list(dropwhile(lambda row: row.rstrip() in prose, rows))
