"""HTML of what a student wrote or printed: nothing in it runs, loads or grows without bound."""

from __future__ import annotations

import base64
import binascii
import html
import re
import time
from collections.abc import Callable, Iterable
from typing import Any

from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from pygments.util import ClassNotFound

from grader.bounds import BoundExceeded, bounded
from grader.pages.formulas import formula_html
from grader.pages.marked_text import render
from grader.sanitize import CONTROL, clean_html

ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
FORMULA = re.compile(r"(?<![\\$])\$(?![\s$])([^$\n]{1,300})(?<!\s)\$(?![\d$])")
BACKTICKS = re.compile(r"`([^`\n]+)`")
ALT = re.compile(r'\s*<img alt="([^"<>]*)"')
PICTURES = {
    "image/png": b"\x89PNG\r\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/gif": b"GIF8",
}
TEXT_BYTES = 20_000
HTML_BYTES = 60_000
MAX_LINE = 2_000
RICH_SECONDS = 0.5  # of CPU, for colours or Markdown in one cell; an honest one takes some milliseconds
PIECE_SECONDS = 2.0  # for one cell or its outputs
PAGE_SECONDS = 10.0  # for all of them
CUT = "\n… cut here: the rest is too long to show"
LIGHT, DARK = (
    HtmlFormatter(style=style, nobackground=True).get_style_defs(".code")
    for style in ("xcode", "github-dark")
)
CODE_STYLE = f"{LIGHT}\n@media screen and (prefers-color-scheme: dark) {{ {DARK} }}"


class PageBudget:
    """What is left of a page for what a student made: bytes, and the work and time of making it HTML."""

    def __init__(self, size: int, seconds: float = PAGE_SECONDS):
        self._left, self._work, self._seconds = size, 2 * size, seconds

    def take(self, render: Callable[[Any], str], made: Any) -> str:
        """What was made as HTML, or a short note in its place when it does not fit any more."""
        started = time.process_time()
        piece = self._rendered(render, made) if self._work > 0 and self._seconds > 0 else ""
        self._seconds -= time.process_time() - started
        self._work -= len(piece)
        if not piece or len(piece) > self._left:
            return '<p class="note">Not shown: this page has no more room for it.</p>' if made else ""
        self._left -= len(piece)
        return piece

    def _rendered(self, render: Callable[[Any], str], made: Any) -> str:
        try:
            with bounded(min(self._seconds, PIECE_SECONDS)):
                return render(made)
        except BoundExceeded:
            return ""


def plain(text: str, limit: int = TEXT_BYTES) -> str:
    """Text without escape sequences, control and direction characters, and at most `limit` long."""
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
            return render(plain(text))
    except (RecursionError, BoundExceeded):
        return text_html(text)


def outputs_html(outputs: Iterable[NotebookNode]) -> str:
    """The outputs of one cell, each in its safest rich form."""
    return "".join(_output(output) for output in list(outputs)[:50])


def _output(output: NotebookNode) -> str:
    if output.output_type == "stream":
        return text_html(_joined(output.text), f"stream {'err' if output.name == 'stderr' else 'out'}")
    if output.output_type == "error":
        return text_html("\n".join(map(str, output.traceback)) or f"{output.ename}: {output.evalue}", "error")
    data = output.get("data", {})
    for kind, magic in PICTURES.items():
        if kind in data and (picture := _picture(kind, magic, _joined(data[kind]), _alt(data))):
            return picture
    if "text/html" in data and len(rich := _joined(data["text/html"])) <= HTML_BYTES:
        return f'<div class="rich">{clean_html(rich)}</div>'
    for kind in ("text/latex", "text/markdown"):
        if kind in data:
            return markdown_html(_joined(data[kind]))
    return text_html(_joined(data.get("text/plain", "(an output of a kind that is not shown here)")))


def _joined(text: object) -> str:
    return "".join(map(str, text)) if isinstance(text, list) else str(text)


def _alt(data: NotebookNode) -> str:
    """What a picture shows: its own alt text, which may lie beside it in HTML, or what Python calls it."""
    if found := ALT.match(_joined(data.get("text/html", ""))[:5000]):
        return html.unescape(found[1])
    named = _joined(data.get("text/plain", "")).strip("<>")
    return f"picture made by your code: {named}" if named else "picture made by your code"


def _picture(kind: str, magic: bytes, encoded: str, alt: str) -> str:
    """An <img> that holds the picture; empty when it is not what it says it is."""
    try:
        data = base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError):
        return ""
    if not data.startswith(magic):
        return ""
    source = f"data:{kind};base64,{base64.b64encode(data).decode()}"
    return f'<img alt="{html.escape(plain(alt, 1000))}" src="{source}">'
