"""HTML of the outputs of a student's cell, each in its safest rich form."""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Iterable

from nbformat import NotebookNode

from grader.pages.student_html import markdown_html, plain, text_html
from grader.sanitize import clean_html

ALT = re.compile(r'\s*<img alt="([^"<>]*)"')
PICTURES = {
    "image/png": b"\x89PNG\r\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/gif": b"GIF8",
}
HTML_BYTES = 60_000


def outputs_html(outputs: Iterable[NotebookNode]) -> str:
    """The outputs of one cell."""
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
