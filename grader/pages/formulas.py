"""Formulas as MathML, which browsers show by themselves: the doorway to latex2mathml.

What comes back holds nothing but the tags and attributes named here. The library's own text is not used: it
gives out what stands in \\text{...} as it was typed, tags and all.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element

from grader.sanitize import harmless_text

TAGS = {"math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msub", "msup"}
TAGS |= {"msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded"}
TAGS |= {"menclose", "mphantom"}
ATTRIBUTES = {"display", "stretchy", "fence", "form", "displaystyle", "scriptlevel", "mathvariant", "width"}
ATTRIBUTES |= {"height", "depth", "lspace", "rspace", "accent", "movablelimits", "linethickness", "minsize"}
ATTRIBUTES |= {"maxsize", "columnalign", "rowspacing", "columnspacing", "rowlines", "columnlines", "largeop"}
VALUE = re.compile(r"[\w .+-]{1,40}\Z", re.ASCII)
# these make a formula out of another, of any size; what it says is the formula as it was typed
MACROS = re.compile(r"\\(?:re|provide)?new|\\[a-z]*def|\\let|\\Declare|\\provide")
MAX_CHARS = 2_000


def formula_html(latex: str, *, display: bool = False) -> str:
    """A formula as MathML, its LaTeX as the text that is read out; as code where it cannot be made."""
    root = None if len(latex) > MAX_CHARS or MACROS.search(latex) else _element(latex)
    if root is None:
        return f"<code>{html.escape(latex)}</code>"
    root.set("display", "block" if display else "inline")
    made = "".join(_written(root, f' alttext="{html.escape(latex)}"'))
    return f'<span class="formula">{made}</span>' if display else made


def _element(latex: str) -> Element | None:
    """None for what is no formula, with which the library does as it likes."""
    try:
        root = convert_to_element(latex)
    except Exception:
        return None
    return root if all(one.tag in TAGS for one in root.iter()) else None


def _written(element: Element, more: str = "") -> Iterator[str]:
    named = {name: value for name, value in element.attrib.items() if name in ATTRIBUTES}
    kept = (f' {name}="{value}"' for name, value in named.items() if VALUE.match(value))
    yield f"<{element.tag}{more}{''.join(kept)}>{harmless_text(element.text or '')}"
    for child in element:
        yield from _written(child)
    yield f"</{element.tag}>"
