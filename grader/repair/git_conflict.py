"""Text in which git left a conflict open."""

from __future__ import annotations


def has_conflict(text: str) -> bool:
    """Whether git's three conflict markers stand at the beginning of lines."""
    lines = {line[:7] for line in text.split("\n")}
    return {"<<<<<<<", "=======", ">>>>>>>"} <= lines


def side(text: str, keep: str) -> str:
    """`text` with each git conflict settled for one side: "ours" (the first) or "theirs"."""
    sections = {"<<<<<<<": "ours", "|||||||": "base", "=======": "theirs", ">>>>>>>": ""}
    kept, section = [], ""
    for line in text.split("\n"):
        mark = line[:7]
        if mark == "<<<<<<<" or (section and mark in sections):
            section = sections[mark]
        elif section in ("", keep):
            kept.append(line)
    return "\n".join(kept)
