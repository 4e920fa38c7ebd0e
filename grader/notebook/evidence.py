"""What the failing checks of an answer tell about its mistake, as short marks that give no answer away.

The same mistake on the same inputs fails the same checks in the same words. A mark is a hash of label and
message; those of the known-wrong answers travel with the course, so that a notebook recognises them alone.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.records import Check

AS_ABOVE = "The same error as above."  # of one that stopped several checks
WHY = "Does a loop wait for what never comes, or is the same work done again?"
HANGS = f"It did not end within {{:g}} s. {WHY}"
PLACE = re.compile(r"\nline \d+ of your .*", re.DOTALL)
# What else `expect` and `confirm` have to say of the numbers.
REMARK = re.compile(
    r"(values differ\.|but is \S+\.|the measured slope \S+\.) [A-Z].*| Axis \d is one too \w+\.", re.DOTALL
)
NUMBER = re.compile(r"(?:but|yours) is \S*\d")  # what came, in their words: the evidence of a value
KEPT = 512  # messages whose essence is remembered: known mistakes of an exercise say much the same
_unread = False


@contextlib.contextmanager
def unread() -> Iterator[None]:
    """Meanwhile nobody reads what checks say, they are only compared: no remark is needed, and no picture."""
    global _unread
    before, _unread = _unread, True
    try:
        yield
    finally:
        _unread = before


def is_unread() -> bool:
    """Whether what checks say now is only compared."""
    return _unread


def mark(label: str, message: str) -> str:
    """The mark of one failing check; it begins with "#" when the message holds a value that came."""
    message = essence(message)
    digest = hashlib.sha256(f"{label}\0{message}".encode()).hexdigest()[:12]
    return ("#" if NUMBER.search(message) else "") + digest


def has_value(mark: str) -> bool:
    """Whether the message behind a mark holds a value that came."""
    return mark.startswith("#")


@lru_cache(maxsize=KEPT)
def essence(message: str) -> str:
    """A message without the place in the answer's text where it arose, and without remarks on its numbers."""
    return REMARK.sub(r"\1", PLACE.sub("", message))


def marks_of(checks: Iterable[Check]) -> list[str]:
    """The marks of those checks that failed, in their order."""
    return [mark(check.label, check.message) for check in checks if not check.passed]


def shown(checks: Iterable[Check]) -> list[Check]:
    """Those checks that a notebook shows, too."""
    return [check for check in checks if not check.hidden]


def recognise(marks: list[str], known: Iterable[Mapping]) -> str:
    """The hint that fits the marks of an answer's failing checks, in their order; "" when none surely does.

    known: {"marks": [...], "hint": "..."} of each known mistake. One whose checks fail all alike is found;
    else what the first failing check tells.
    """
    known = list(known)
    alike = {one["hint"] for one in known if one["marks"] == marks}
    return _only(alike) if alike else recognise_first(marks, known)


def recognise_first(marks: list[str], known: Iterable[Mapping]) -> str:
    """The hint of the only known mistake that gives the very value of the first failing check, or "".

    So one of two mistakes at once is found; a check that fails without a value may fit many, and so may one
    value where most of the others are not the mistake's. Of several, the one that gives more of them. A
    mistake that fails more checks than the answer does is another: one of these the answer passes.
    """
    first = marks[0] if marks and has_value(marks[0]) else None
    values = set(filter(has_value, marks))
    able = [one for one in known if first in one["marks"] and len(one["marks"]) <= len(marks)]
    shared = [(len(values.intersection(one["marks"])), one["hint"]) for one in able]
    most = max((count for count, _ in shared), default=0)
    return _only({hint for count, hint in shared if count == most}) if 2 * most > len(values) else ""


def first_question(failing: Sequence[Check]) -> str:
    """What the first check that failed asks: of all that failed it is the simplest."""
    return failing[0].nudge if failing else ""


def _only(hints: set[str]) -> str:
    return hints.pop() if len(hints) == 1 else ""


def digest(source: str) -> str:
    """What a cell is known by, whatever became of its white space."""
    return hashlib.sha256("".join(source.split()).encode()).hexdigest()[:16]
