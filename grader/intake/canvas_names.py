"""The names of files in a download of Canvas, which puts -1 into that of a file that is handed in again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from grader.intake.sent_file import SentFile

VERSION = re.compile(r"-\d+(?=\.\w+$)")


def canvas_names(name: str) -> tuple[str, str]:
    """The name of a file, and the other one that it may have had with the student, or "".

    Of a notebook it is the one without the number. Of data-1.csv nobody knows: a notebook may open either.
    """
    plain = VERSION.sub("", name)
    return (plain, "") if name.endswith(".ipynb") or plain == name else (name, plain)


def by_both_names(sent: list[SentFile]) -> Iterator[SentFile]:
    """A file that may have had another name has both, unless a file of that name was sent beside it."""
    named = {(one.batch, one.path) for one in sent}
    for one in sent:
        yield one
        if one.also and (one.batch, one.also) not in named:
            yield replace(one, path=one.also, also="")
