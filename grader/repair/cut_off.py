"""JSON text that was cut off: how it may have gone on."""

from __future__ import annotations

import re
from collections.abc import Iterator

TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+("?)|[\[\]{}]', re.DOTALL)
WORD = re.compile(r"[\w.+-]*")


def endings(text: str) -> Iterator[str]:
    """`text` with what it left open closed, in several ways; one of them usually parses."""
    closers, end = [], 0
    for token in TOKEN.finditer(text):
        mark, end = token.group(), token.end()
        if mark[0] == '"':
            end = end if token.group(1) else -end
        elif mark in "[{":
            closers.append("]" if mark == "[" else "}")
        elif closers:
            closers.pop()
    tail = "".join(reversed(closers))
    if end < 0:
        cut = text[:-end]
        bases = [cut + '"', re.sub(r"\\u[0-9a-fA-F]{0,3}$", "", cut) + '"']
    else:
        bases = [text.rstrip().rstrip(","), _without_last_word(text.rstrip()).rstrip().rstrip(",")]
    for base in bases:
        yield from (base + value + tail for value in ("", ":null", "null"))


def _without_last_word(text: str) -> str:
    """`text` without half a number or name at its end; looked at backwards, for no other way is linear."""
    word = WORD.match(text[::-1])
    return text[: len(text) - word.end()] if word else text
