"""The question for a mistake that any exercise can meet, told from what the failing checks say.

Nothing is guessed: each question of `common_mistakes.toml` follows from an observation that holds for all
numbers of a result, from an exception, or from an argument that changed. Else there is none.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

OF_ALL = "Every number "  # such an observation has to hold in most checks that compare several numbers
SEVERAL = "values differ."
_VALUE = r"but is \S*\d\.(?: \d+ of \d+ values differ\.)?"
BARE = re.compile(_VALUE + "$")  # a wrong value in which nothing was seen
REMARKED = re.compile(_VALUE + " [A-Z]")

_TEXT = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
QUESTIONS = [(re.compile(one["sign"]), one["ask"]) for one in tomllib.loads(_TEXT)["question"]]
"""(sign in a message, what to ask)"""


def question_for(messages: Sequence[str]) -> str:
    """The question that follows from the messages of an answer's failing checks, in their order; "" for none.

    The first message decides, for the later ones may follow from it. Where it shows a wrong value alone, the
    next that says what all its numbers have in common does.
    """
    message = _telling(messages)
    for sign, question in QUESTIONS if message else ():
        if found := sign.search(message):
            return found.expand(question) if _holds(found[0], sign, messages) else ""
    return ""


def _telling(messages: Sequence[str]) -> str:
    """The message that decides."""
    if messages and BARE.search(messages[0]):
        return next(filter(REMARKED.search, messages), messages[0])
    return messages[0] if messages else ""


def _holds(observed: str, sign: re.Pattern[str], messages: Sequence[str]) -> bool:
    """Whether what was seen in one check is not denied by most of the others."""
    if not observed.startswith(OF_ALL):
        return True
    several = [bool(sign.search(message)) for message in messages if SEVERAL in message]
    return not several or 2 * sum(several) > len(several)
