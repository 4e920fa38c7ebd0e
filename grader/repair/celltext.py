"""What the text of a cell tells: its words, the names it defines, what was added to it.

Read with Python's parser and regular expressions: student text may be anything, and is never
compiled.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from grader.notebook.names import defined

DEFINITION = re.compile(r"^(?:async\s++)?(?:def|class)\s++(\w+)", re.MULTILINE)
ASSIGNMENT = re.compile(r"^(\w++(?:[ \t]*+,[ \t]*+\w++)*+)[ \t]*+(?::[^=\n]++)?=(?!=)", re.MULTILINE)
REGION = re.compile(r"(BEGIN|END) (?:SOLUTION|HIDDEN TESTS|MARK SCHEME)")
NOTHING = re.compile(r"#|\w++(?:, *+\w++)*+ *+= *+None *+(?:#|$)")  # a comment, or a name without a value
SHORT = 10_000  # characters of a cell that is worth remembering for long
STUBS = {"raise NotImplementedError()", "raise NotImplementedError", "pass", "...", "YOUR ANSWER HERE"}


def remembered(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """`read`, which remembers what it said of short texts, for most cells stand in every submission, and of
    the last long one, which is asked about again and again."""
    short, long = functools.lru_cache(maxsize=1000)(read), functools.lru_cache(maxsize=1)(read)
    return functools.wraps(read)(lambda text: (short if len(text) < SHORT else long)(text))


@remembered
def without_regions(text: str) -> str:
    """`text` without nbgrader's SOLUTION, HIDDEN TESTS and MARK SCHEME regions."""
    kept, inside = [], False
    for line in text.split("\n") if REGION.search(text) else [text]:
        if mark := REGION.search(line):
            inside = mark[1] == "BEGIN"
        elif not inside:
            kept.append(line)
    return "\n".join(kept)


@remembered
def names(text: str) -> frozenset[str]:
    """Functions, classes and variables defined at the top level of a cell; of no Python, what looks so."""
    if len(text) < SHORT and (read := defined(text, imports=False)):  # to parse may take the square of it
        return frozenset(read)
    assigned = (name.strip() for match in ASSIGNMENT.findall(text) for name in match.split(","))
    return frozenset(DEFINITION.findall(text)).union(assigned)


def words(text: str) -> Counter[str]:
    """How often each word stands in `text`."""
    return Counter(re.findall(r"\w+", text))


def likeness(one: Counter[str], other: Counter[str]) -> float:
    """Dice's coefficient of two bags of words, 0 to 1."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


@remembered
def lines(text: str) -> tuple[str, ...]:
    """The lines that say something, without the space after them."""
    return tuple(line.rstrip() for line in text.split("\n") if line.strip())


def added(text: str, released: str) -> tuple[str, str] | None:
    """What stands before and after (or within) `released` in `text`; None when some of it is missing."""
    wanted = list(lines(released))
    before: list[str] = []
    after: list[str] = []
    found = 0
    for line in text.split("\n"):
        if found < len(wanted) and line.rstrip() == wanted[found]:
            found += 1
        else:
            (after if found else before).append(line)
    return ("\n".join(before).strip("\n"), "\n".join(after).strip("\n")) if found == len(wanted) else None


def cut(text: str, block: str) -> tuple[str, str] | None:
    """What stands before and after `block` in `text`, where its lines stand there one after the other."""
    gone = lines(block)
    if not gone or gone[0] not in text:
        return None
    rows = text.split("\n")
    full = [i for i, row in enumerate(rows) if row.strip()]
    said = "\n".join(["", *(rows[i].rstrip() for i in full), ""])
    start = said.find("\n".join(["", *gone, ""]))
    if start < 0:
        return None
    at = said.count("\n", 0, start)
    before, after = rows[: full[at]], rows[full[at + len(gone) - 1] + 1 :]
    return "\n".join(before).rstrip("\n"), "\n".join(after).strip("\n")


def is_empty(text: str, released: str, kind: str) -> bool:
    """Whether an answer says no more than the stub it was released with."""
    given = {line.strip() for line in lines(released)} | STUBS
    own = [line.strip() for line in lines(text) if line.strip() not in given]
    return all(kind == "code" and NOTHING.match(line) for line in own)
