"""Readers of what students made, as functions of bytes that raise only where the reader is at fault."""

from __future__ import annotations

import contextlib
import io
import json
from html.parser import HTMLParser
from typing import Any

import damaged

from grader.engine.wire.admission import admitted
from grader.engine.wire.channel import WireError
from grader.engine.wire.decoding import Decoder
from grader.intake.archives import open_zip
from grader.intake.contents import FileRefused
from grader.repair.reading import read_notebook
from grader.repair.repair import repair
from grader.sanitize import ALLOWED, TAGS, clean_html, defused


def wire(data: bytes) -> None:
    with contextlib.suppress(WireError):
        Decoder(bytearray(data), _refuse).value()


def outputs(data: bytes) -> None:
    """Whatever crosses the wire, claimed to be outputs."""
    try:
        claimed = Decoder(bytearray(data), lambda tag, value: value).value()
    except WireError:
        return
    shown, _ = admitted([claimed, *(claimed if isinstance(claimed, list) else [])], 10_000)
    json.dumps(shown)


def reading(data: bytes) -> None:
    found = read_notebook(data)
    assert bool(found.cells) != bool(found.reason)
    assert all(isinstance(cell.source, str) for cell in found.cells)


def repairs(data: bytes) -> None:
    repaired = repair(data, damaged.SOURCE, "boxes")
    if repaired.notebook is None:
        assert repaired.reason
    else:
        json.dumps(repaired.notebook).encode()
        marked = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in repaired.notebook.cells]
        asked = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in damaged.SOURCE.cells]
        assert [mark for mark in marked if mark] == [mark for mark in asked if mark]


def archive(data: bytes) -> None:
    with open_zip(io.BytesIO(data)) as contents:
        for member in contents.members:
            assert not member.path.startswith("/") and ".." not in member.path.split("/")
            with contextlib.suppress(FileRefused):
                member.read()


def html(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    reader = _Tags()
    reader.feed(clean_html(text))
    reader.close()
    assert "<script" not in defused(text)


class _Tags(HTMLParser):
    """Objects to all but the few tags and attributes that are harmless."""

    def handle_starttag(self, tag: str, attrs: list) -> None:
        assert tag in TAGS
        for name, value in attrs:
            assert ALLOWED[tag, name].match(value)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError("a declaration")

    handle_comment = handle_decl = handle_pi = unknown_decl


def _refuse(tag: bytes, value: Any) -> Any:
    raise WireError("an object of the other side")


TARGETS = {
    "wire": wire,
    "outputs": outputs,
    "reading": reading,
    "repair": repairs,
    "archive": archive,
    "html": html,
}
