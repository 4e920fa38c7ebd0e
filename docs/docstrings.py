"""Our docstrings are plain text; this makes reStructuredText of them, where nothing but code is markup."""

import re
from textwrap import dedent, indent

SPECIAL = re.compile(r"([\\*_|<>:])")
CODE = re.compile(r"`([^`\n]+)`")


def as_rst(lines: list[str]) -> list[str]:
    """The lines of a docstring, a paragraph that is indented (or a list with dashes) as it stands."""
    paragraphs = re.split(r"\n\s*\n", "\n".join(lines))
    text = "\n\n".join(_literal(text) if _is_code(text) else _prose(text) for text in paragraphs)
    return [*text.split("\n"), ""]


def _is_code(text: str) -> bool:
    return any(line.startswith((" ", "- ", "from ")) for line in text.splitlines())


def _literal(text: str) -> str:
    return "::\n\n" + indent(dedent(text), "    ")


def _prose(text: str) -> str:
    parts = CODE.split(text)  # text, code, text, …
    escaped = [
        SPECIAL.sub(r"\\\1", part).replace("`", "\\`") if at % 2 == 0 else part
        for at, part in enumerate(parts)
    ]
    return "".join(part if at % 2 == 0 else f"\\ ``{part}``\\ " for at, part in enumerate(escaped))
