"""Markdown to harmless HTML, with its formulas as MathML: the doorway to mistune."""

from __future__ import annotations

import re
from typing import Any

import mistune
from mistune.plugins.formatting import strikethrough
from mistune.plugins.math import math
from mistune.plugins.table import table

from grader.pages.formulas import formula_html
from grader.sanitize import clean_html

INLINE, DISPLAY, END = "\ue000", "\ue001", "\ue002"  # around a formula on its way through the cleaning
HELD = re.compile(f"([{INLINE}{DISPLAY}])([0-9a-f]*){END}")
MARKS = re.compile(f"[{INLINE}{DISPLAY}{END}]")
ENVIRONMENT = (
    r"^ {0,3}(?P<formula>\\begin\{(?P<kind>[a-z]{1,20}\*?)\}[\s\S]*?\\end\{(?P=kind)\})[ \t]*(?:\n|$)"
)


def render(text: str) -> str:
    """HTML in which nothing of `text` runs or loads; raw HTML in it is shown as it was typed."""
    return HELD.sub(_formula, clean_html(str(MARKDOWN(MARKS.sub("\ufffd", text)))))


def _formula(held: re.Match) -> str:
    return formula_html(bytes.fromhex(held[2]).decode(), display=held[1] == DISPLAY)


def _formulas(md: mistune.Markdown) -> None:
    """mistune's plug-in for $ and $$, and LaTeX's environments as Jupyter has them."""
    math(md)
    md.block.register("environment", ENVIRONMENT, _parse_environment, before="list")
    for kind, start in (("inline_math", INLINE), ("block_math", DISPLAY)):
        RENDERER.register(kind, lambda _, latex, start=start: start + latex.encode().hex() + END)


def _parse_environment(_block: Any, found: re.Match, state: Any) -> int:
    state.append_token({"type": "block_math", "raw": found["formula"]})
    return found.end()


RENDERER = mistune.HTMLRenderer(escape=True)
MARKDOWN = mistune.Markdown(RENDERER, plugins=[table, strikethrough, _formulas])
