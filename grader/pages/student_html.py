"""HTML of what a student wrote or printed: nothing in it runs, loads or grows without bound."""

from __future__ import annotations

import html
import re

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from pygments.util import ClassNotFound

from grader.bounds import BoundExceeded, bounded
from grader.pages.formulas import formula_html
from grader.pages.marked_text import render
from grader.sanitize import CONTROL

ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
FORMULA = re.compile(r"(?<![\\$])\$(?![\s$])([^$\n]{1,300})(?<!\s)\$(?![\d$])")
BACKTICKS = re.compile(r"`([^`\n]+)`")
TEXT_BYTES = 20_000
MAX_LINE = 2_000
RICH_SECONDS = 0.5  # of CPU, for colours or Markdown in one cell; an honest one takes some milliseconds
CUT = "\n… cut here: the rest is too long to show"
LIGHT, DARK = (
    HtmlFormatter(style=style, nobackground=True).get_style_defs(".code")
    for style in ("xcode", "github-dark")
)
CODE_STYLE = f"{LIGHT}\n@media screen and (prefers-color-scheme: dark) {{ {DARK} }}"


def plain(text: str, limit: int = TEXT_BYTES) -> str:
    """Text without escape sequences, control characters and stacks of accents, and at most `limit` long."""
    text = CONTROL.sub("\ufffd", ANSI.sub("", text[: 2 * limit]))
    return text if len(text) <= limit else text[:limit] + CUT


def code_html(source: str) -> str:
    """A highlighted <pre> of Python source, plain text where highlighting takes long.

    The lexer takes the square of a line's length, and of the number of blank lines in a row.
    """
    if max(map(len, source.splitlines()), default=0) > MAX_LINE:
        return text_html(source)
    try:
        with bounded(RICH_SECONDS):
            return highlight(plain(source), PythonLexer(stripnl=False), HtmlFormatter(cssclass="code"))
    except (ClassNotFound, RecursionError, BoundExceeded):
        return text_html(source)


def text_html(text: str, kind: str = "text") -> str:
    return f'<pre class="{kind}">{html.escape(plain(text))}</pre>'


def inline_html(text: str) -> str:
    """One line of text with what stands in backticks as code."""
    return BACKTICKS.sub(r"<code>\1</code>", html.escape(plain(text, 2000)))


def told_html(text: str) -> str:
    """The same, and what stands between dollars as a formula: the words of the staff."""
    pieces = FORMULA.split(plain(text, 2000))
    return "".join(formula_html(one) if n % 2 else inline_html(one) for n, one in enumerate(pieces))


def markdown_html(text: str) -> str:
    """Markdown with its raw HTML escaped and its formulas as MathML."""
    if len(text) > TEXT_BYTES:
        return text_html(text)
    try:
        with bounded(RICH_SECONDS):
            return f'<div class="rich">{render(plain(text))}</div>'
    except (RecursionError, BoundExceeded):
        return text_html(text)
