"""HTML that somebody else made, made harmless: a few plain tags stay, all else is text or is left out.

One pass, and everything in the result is written here. A parser that mends nested tags as browsers do takes
minutes for a few crafted kilobytes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

MARKS = r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"  # upon the letter before
CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]"
    rf"|(?<={MARKS}{{4}}){MARKS}+"  # a stack of them covers the lines above and below
)
TOKEN = re.compile(r"<!--.*?(?:-->|\Z)|<[!?][^<>]*+>|<(/?)([a-zA-Z][a-zA-Z0-9]*+)([^<>]*+)>", re.S)
UNSHOWN = re.compile(r"<(script|style|iframe|svg|math|object|template)\b.*?(</\1\s*>|$)", re.S | re.I)
ATTRIBUTE = re.compile(r"""(?<![^\s"'/])([a-z]++)\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"']+))""", re.I)
TAGS = {"a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "del", "div", "dl", "dt", "em", "hr"}
TAGS |= {"i", "img", "li", "ol", "p", "pre", "span", "strong", "sub", "sup", "u", "ul"}
TAGS |= {"table", "tbody", "td", "tfoot", "th", "thead", "tr", *(f"h{level}" for level in range(1, 7))}
VOID = {"br", "hr", "img"}  # of a picture, only what it says in words
ALLOWED = {  # what the value of an attribute must look like
    ("a", "href"): re.compile(r"https?://", re.I),
    ("a", "title"): re.compile(""),
    ("img", "alt"): re.compile(""),
    **{(cell, span): re.compile(r"\d{1,3}\Z") for cell in ("td", "th") for span in ("colspan", "rowspan")},
}
MAX_DEPTH = 100
JOINER = "\u2060"  # of no width
TAG_START = re.compile(r"<(?=[a-zA-Z/!?])|&(?=#|colon;|Tab;|NewLine;)")
SKIPPED = r"[\t\r\n]*+"  # browsers leave these out of an address
SCHEME = re.compile(rf"(?:{SKIPPED.join('script')}|{SKIPPED.join('data')})(?=\s*+\\?:)", re.I)
LONG_REFERENCE = re.compile(r"&#(?:[0-9]{8}[0-9]*+|[xX][0-9a-fA-F]{7}[0-9a-fA-F]*+);?")  # of no character


def clean_html(rich: str) -> str:
    """`rich` as balanced HTML in which nothing runs and nothing is loaded."""
    return "".join(_pieces(UNSHOWN.sub("", rich)))


def defused(markdown: str) -> str:
    """Markdown that looks the same, but holds no HTML and no address that runs, for pages not our own."""
    return SCHEME.sub(rf"\g<0>{JOINER}", TAG_START.sub(rf"\g<0>{JOINER}", markdown))


def _pieces(rich: str) -> Iterator[str]:
    at, opened = 0, list[str]()
    for token in TOKEN.finditer(rich):
        yield harmless_text(rich[at : token.start()])
        at = token.end()
        if token[2] and token[2].lower() in TAGS:
            yield _tag(bool(token[1]), token[2].lower(), token[3], opened)
    yield harmless_text(rich[at:])
    yield "".join(f"</{name}>" for name in reversed(opened))


def _tag(closing: bool, name: str, attributes: str, opened: list[str]) -> str:
    """The tag, and before a closing one those that close what it leaves open."""
    if closing:
        closed = []
        while name in opened:
            closed.append(opened.pop())
            if closed[-1] == name:
                break
        return "".join(f"</{name}>" for name in closed)
    if name in VOID:
        kept = "".join(_attributes(name, attributes))
        return "" if name == "img" and not kept else f"<{name}{kept}>"
    if len(opened) >= MAX_DEPTH:
        return ""
    opened.append(name)
    return f"<{name}{''.join(_attributes(name, attributes))}>"


def _attributes(tag: str, text: str) -> Iterator[str]:
    for name, *values in ATTRIBUTE.findall(text):
        value, wanted = _unescaped("".join(values)).strip(), ALLOWED.get((tag, name.lower()))
        if wanted and wanted.match(value):
            yield f' {name.lower()}="{harmless_text(value)}"'


def harmless_text(text: str) -> str:
    """The characters that `text` and its references stand for, escaped."""
    return html.escape(CONTROL.sub("\ufffd", _unescaped(text)))


def _unescaped(text: str) -> str:
    """Characters for their references; Python refuses to read a number of some thousand digits."""
    return html.unescape(LONG_REFERENCE.sub("\ufffd", text))
