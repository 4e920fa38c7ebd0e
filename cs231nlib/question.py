"""The question below a test that failed, and what comes next, as a page and as text show them."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """The help with an exercise, in `levels`: questions first; the one that is `example` is worked out."""

    exercise: str
    levels: list[str]
    example: str

    def html(self) -> str:
        """The first question, what comes next folded below it: it opens without a kernel, by keyboard too."""
        first, *more = self.levels
        folded = ""
        for number, text in reversed(list(enumerate(more))):
            label = "Show example" if text == self.example else "Next hint"
            style = "" if number else "margin-top:.4em"
            folded = (
                f'<details style="{style}"><summary>{label}</summary>{_paragraphs(text)}{folded}</details>'
            )
        return f'<div class="question">{_paragraphs(first)}{folded}</div>'

    def text(self) -> str:
        """The first question and how to ask for more, where no page shows HTML."""
        return f'{self.levels[0]}\n(hint("{self.exercise}") gives more)'


def _paragraphs(text: str) -> str:
    parts = _inline(html.escape(text, quote=False)).split("\n\n")
    return "".join(f'<p style="margin:.4em 0;white-space:pre-line">{part}</p>' for part in parts)


def _inline(text: str) -> str:
    """Code, strong and emphasised words, as Markdown marks them."""
    between = text.split("`")  # every second part is code
    for number, part in enumerate(between):
        if number % 2:
            between[number] = f"<code>{part}</code>"
        else:
            strong = re.sub(r"\*\*(\S[^*]*)\*\*", r"<strong>\1</strong>", part)
            between[number] = re.sub(r"(?<![\w*])\*(\S[^*]*\S|\S)\*(?![\w*])", r"<em>\1</em>", strong)
    return "".join(between)
