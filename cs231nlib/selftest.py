"""Three questions at the end of a chapter, for the reader alone: right, or not yet.

    answers = [
        "",  # 1. 250 + 10 in uint8?
        "",  # 2. The shape of ...?
    ]
    selftest("00", answers, ["4f7146e2", "b17c26fe"])

An author gets the codes of a new list with `codes("00", ["4", "(8, 5)"])`.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from hashlib import sha256


def selftest(chapter: str, answers: Sequence[str], expected: Sequence[str]) -> None:
    """Print a line for each question: right, or not yet.

    chapter: str, "00". answers: list of what the reader typed, strings or plain numbers and tuples.
    expected: list of str, the codes of the right answers, in the same order.
    """
    for number, (given, right) in enumerate(zip(codes(chapter, answers), expected, strict=True), start=1):
        print(number, "right" if given == right else "not yet")


def codes(chapter: str, answers: Sequence[str]) -> list[str]:
    """The codes of these answers, list of str: what an author gives to `selftest` as `expected`.

    Spaces, case, brackets and the way a number is spelled do not matter: .5, 0.50 and 1/2 have one code.
    """
    return [_code(f"{chapter}/{number}/{_plain(answer)}") for number, answer in enumerate(answers, start=1)]


def _code(text):
    return sha256(text.encode()).hexdigest()[:8]


def _plain(answer):
    text = "".join(str(answer).lower().split()).replace("−", "-").strip("()[]%'\"").rstrip(".")
    return ",".join(_number(part) for part in text.split(",") if part)


def _number(part):
    try:
        return f"{float(Fraction(part)):.6g}"
    except (ValueError, ZeroDivisionError, OverflowError):
        return part
