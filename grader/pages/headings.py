"""Where one is in a notebook: the heading that a question stands under, and what to read again for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(\S.*)")
FENCE = re.compile(r" {0,3}(```|~~~)")
LINK = re.compile(r"(?<!!)\[([^\[\]\n]{1,200})\]\((https?://[^\s()<>\"']{1,500})\)")
MOST_LINKS = 5


@dataclass(frozen=True)
class ReadAgain:
    """What to read again: a section of the notebook, "" where it has none, and (text, address) of links."""

    section: str = ""
    links: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.section or self.links)


class Headings:
    """Goes through the cells of a notebook, from the first on."""

    def __init__(self):
        self._headings: list[tuple[int, str]] = []
        self._links: list[tuple[str, str]] = []

    def pass_by(self, source: str, cell_type: str) -> None:
        for line in _prose(source) if cell_type == "markdown" else ():
            if found := HEADING.match(line):
                self._open(len(found[1]), _bare(found[2]))
            self._links += [(_bare(text), address) for text, address in LINK.findall(line)]

    def _open(self, level: int, title: str) -> None:
        while self._headings and self._headings[-1][0] >= level:
            self._headings.pop()
        if level <= 2:
            self._links = []  # another section
        self._headings.append((level, title))

    @property
    def title(self) -> str:
        """The heading nearest to what follows."""
        return self._headings[-1][1] if self._headings else ""

    @property
    def reading(self) -> ReadAgain:
        """The section above the nearest heading, not the title of all, and the links since it began."""
        above = [title for level, title in self._headings[:-1] if level > 1]
        return ReadAgain(above[-1] if above else "", tuple(dict.fromkeys(self._links))[:MOST_LINKS])


def _prose(source: str) -> Iterator[str]:
    """The lines of a Markdown cell that are not code."""
    fenced = False
    for line in source.splitlines():
        fence = FENCE.match(line)
        fenced ^= bool(fence)
        if not fenced and not fence:
            yield line


def _bare(text: str) -> str:
    return text.strip(" \t#").replace("`", "").replace("**", "")
