"""An answer as the tokens that stay when it is renamed, reformatted or commented."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pygments.lexers import PythonLexer
from pygments.token import Comment, Name, Number, String, Text, _TokenType

from grader.bounds import BoundExceeded, bounded

MAX_CHARACTERS = 20_000  # of an answer; the lexer takes the square of a line's length
MAX_LINE = 1_000
SECONDS = 1.0  # for one answer; an honest one takes a few milliseconds
WORD = re.compile(r"\w+")
_LEXER = PythonLexer(stripnl=False)


@dataclass(frozen=True)
class Token:
    """A token with its place in the source: the characters from `start` to `end`."""

    text: str
    start: int
    end: int


def code_tokens(source: str) -> list[Token]:
    """The tokens of Python source; variables are all alike, names after a dot and builtins are not."""
    try:
        with bounded(SECONDS):
            return list(_code(_cut(source)))
    except (BoundExceeded, RecursionError):
        return word_tokens(source)


def word_tokens(text: str) -> list[Token]:
    """The words of prose, in lower case."""
    found = WORD.finditer(text[:MAX_CHARACTERS])
    return [Token(match[0].lower(), match.start(), match.end()) for match in found]


def _cut(source: str) -> str:
    """No more than can be read, every character in its place; a line that is too long is left out."""
    lines = source[:MAX_CHARACTERS].split("\n")
    return "\n".join(line if len(line) <= MAX_LINE else " " * len(line) for line in lines)


def _code(source: str) -> Iterator[Token]:
    before = ""
    for start, kind, text in _LEXER.get_tokens_unprocessed(source):
        if kind in Text or kind in Comment or kind in String.Doc or not text.strip():
            continue
        yield Token(_plain(kind, text, before), start, start + len(text))
        before = text


def _plain(kind: _TokenType, text: str, before: str) -> str:
    if kind in String:
        return "s"
    if kind in Number:
        return "0"
    if kind in Name and kind not in Name.Builtin and before != ".":
        return "v"
    return text
