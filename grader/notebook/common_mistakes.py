"""The question for a mistake that any exercise can meet, told from what the failing checks say.

Nothing is guessed: each question of `common_mistakes.toml` follows from an observation that holds for all
numbers of a result, from an exception, or from an argument that changed. Else there is none.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

# Such an observation has to hold in most checks that compare several numbers.
OF_ALL = re.compile(r"Every number |What is wrong |It is .*, as it was given")
OF_ONE = "That is "  # such a one, which may be chance, in two checks at least
ONE_OFF = " one too "  # and this in all that tell a size
SEVERAL = "values differ."
VALUE = re.compile(r"but is \S*\d\.(?: \d+ of \d+ values differ\.)?")
REMARKED = re.compile(
    r"values differ\. (?:It is |Each |What is wrong |Every number (?!is 0|is the same|is rounded))"
)  # no chance
_SINGLE = re.compile(r"but is \S*\d\.(?! \d+ of )")
_CALL = re.compile(r"\((?P<given>.*)\)[^()]* should be (?P<should>\S+), but is (?P<came>\S+?)\.(?: |$)")
_RATIO = re.compile(r"is \S+ (?:of|times) the expected")
_MEASURED = re.compile(r"should be \d+, but is \d+\.|has shape ")

ENOUGH = 3  # inputs with one and the same result
ONE_RESULT = (
    "Whatever goes in, {} comes out. Which of your lines reads the arguments,"
    " and does what it computes with them reach the `return`?"
)

_TEXT = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
QUESTIONS = [(re.compile(one["sign"]), one["ask"]) for one in tomllib.loads(_TEXT)["question"]]
"""(sign in a message, what to ask)"""


def question_for(messages: Sequence[str]) -> str:
    """The question that follows from the messages of an answer's failing checks, in their order; "" for none.

    The first message decides, for the later ones may follow from it. Where it shows a wrong value and nothing
    that holds for all, the next that says what its numbers have in common does.
    """
    first, *others = messages or [""]
    others = [one for one in others if REMARKED.search(one)] if VALUE.search(first) else []
    asked = (_question(message, messages) for message in (first, *others))
    return next(filter(None, asked), "") or _question_of_one_result(messages)


def _question_of_one_result(messages: Sequence[str]) -> str:
    """What to ask where one number came, whatever went in, and another one was due for each."""
    calls = [found.groupdict() for found in map(_CALL.search, messages) if found]
    alike = [call for call in calls if call["came"] == calls[0]["came"]]
    several = len({call["given"] for call in alike}) >= ENOUGH <= len({call["should"] for call in alike})
    return ONE_RESULT.format(calls[0]["came"]) if several and len(alike) == len(calls) else ""


def _question(message: str, messages: Sequence[str]) -> str:
    for sign, question in QUESTIONS:
        if (found := sign.search(message)) and _holds(found[0], sign, messages):
            return found.expand(question)
    return ""


def _holds(observed: str, sign: re.Pattern[str], messages: Sequence[str]) -> bool:
    """Whether what was seen in one check is not denied by others; where chance is likely, by any of them."""
    if OF_ALL.match(observed):
        several = [bool(sign.search(message)) for message in messages if SEVERAL in message]
        return not several or 2 * sum(several) > len(several)
    if observed.startswith(OF_ONE):
        ratio = found[0] if (found := _RATIO.search(observed)) else observed
        same = sum(ratio in message for message in messages)
        return same > 1 and 2 * same > sum(bool(_SINGLE.search(message)) for message in messages)
    if ONE_OFF in observed:
        return all(ONE_OFF in message for message in messages if _MEASURED.search(message))
    return True
