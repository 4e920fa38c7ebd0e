"""What the failing checks of an answer tell about its mistake, as short marks that give no answer away.

The same mistake on the same inputs fails the same checks in the same words. A mark is a hash of label and
message; those of the known-wrong answers travel with the course, so that a notebook recognises them alone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping

NUMBER = re.compile(r"but is \S*\d")  # what came, in the words of `expect`: the evidence of a value


def mark(label: str, message: str) -> str:
    """The mark of one failing check; it begins with "#" when the message holds a value that came."""
    digest = hashlib.sha256(f"{label}\0{message}".encode()).hexdigest()[:12]
    return ("#" if NUMBER.search(message) else "") + digest


def recognise(marks: list[str], known: Iterable[Mapping]) -> str:
    """The hint that fits the marks of an answer's failing checks, in their order; "" when none surely does.

    known: {"marks": [...], "hint": "..."} of each known mistake. One whose checks fail all alike is found;
    else the only one that gives the very value of the first failing check, as with two mistakes at once.
    """
    known = list(known)
    alike = {one["hint"] for one in known if one["marks"] == marks}
    first = marks[0] if marks and marks[0].startswith("#") else None
    hints = alike or {one["hint"] for one in known if first in one["marks"]}
    return hints.pop() if len(hints) == 1 else ""


def digest(source: str) -> str:
    """What a cell is known by, whatever became of its white space."""
    return hashlib.sha256("".join(source.split()).encode()).hexdigest()[:16]
