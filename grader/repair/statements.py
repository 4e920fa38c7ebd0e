"""The top-level statements of a cell, by Python's tokenizer: the cell is never compiled."""

from __future__ import annotations

import io
import itertools
import tokenize

from grader.repair.celltext import lines

MAX_PYTHON = 100_000  # characters of a cell that are read as Python
MAX_QUOTED = 30_000_000  # work for it: from each quote, Python's tokenizer may look to the end of the line


def statements(text: str) -> list[str]:
    """The cell cut between its top-level statements; the whole of it when it is not Python."""
    starts, fresh, depth = [0], True, 0
    if len(text) > MAX_PYTHON or _quoted(text) > MAX_QUOTED:
        return [text]
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            depth += (token.type == tokenize.INDENT) - (token.type == tokenize.DEDENT)
            if token.type in (tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT):
                continue
            if fresh and not depth:
                starts.append(token.start[0] - 1)
            fresh = token.type == tokenize.NEWLINE
    except (tokenize.TokenError, SyntaxError):
        return [text]
    rows = text.split("\n")
    cuts = [*sorted(set(starts)), len(rows)]
    pieces = ["\n".join(rows[a:b]) for a, b in itertools.pairwise(cuts)]
    return _with_decorators([piece for piece in pieces if piece.strip()])


def _quoted(text: str) -> int:
    """The length of each line as often as there are quotes in it."""
    return sum(len(row) * (row.count("'") + row.count('"')) for row in text.split("\n"))


def _with_decorators(pieces: list[str]) -> list[str]:
    """Each decorator with what it stands above."""
    joined: list[list[str]] = [[]]
    for piece in pieces:
        joined[-1].append(piece)
        if not lines(piece)[-1].startswith("@"):
            joined.append([])
    return ["\n".join(parts) for parts in joined if parts]


def starts_inside(text: str) -> bool:
    """Whether the text begins in the middle of a block: its first line is indented."""
    return bool(lines(text)) and lines(text)[0][0] in " \t"


def ends_inside(text: str) -> bool:
    """Whether the last line of the text belongs to a block, or opens one."""
    return bool(lines(text)) and (lines(text)[-1][0] in " \t" or lines(text)[-1].endswith(":"))
