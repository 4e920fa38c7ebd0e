"""What a student's file holds: bytes -> cells, whatever program wrote it and whatever befell it since.

Any notebook format is read by its shape, not by its number; nothing is validated and nothing is trusted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from grader.repair.conflict_sides import both
from grader.repair.file_text import decoded
from grader.repair.git_conflict import has_conflict, side
from grader.repair.rescue import UnreadableNotebook, documents
from grader.repair.submitted_cell import SubmittedCell

MAX_CELLS = 5_000
MAX_TEXT = 1 << 20  # characters of one cell
MAX_TEXTS = 8 << 20  # of all cells: they travel to the judge in one message
MAX_ATTACHMENTS = 4 << 20  # characters of one cell's pictures
PICTURES = ("image/png", "image/jpeg", "image/gif")
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")

NO_TEXT = "The notebook is empty: none of its cells holds any text."


@dataclass(frozen=True)
class Reading:
    """The cells of a file and what was odd about it; or no cells and the reason, a line for the student."""

    cells: tuple[SubmittedCell, ...] = ()
    notes: tuple[str, ...] = ()
    reason: str = ""


def read_notebook(data: bytes) -> Reading:
    """Read a notebook of any format from any editor; never raises."""
    try:
        text, notes = decoded(data)
        versions, damage = documents(text)
        sides = [_cells(version) for version in versions]
        cells, excess = _bounded(sides[0] if len(sides) == 1 else both(*sides))
    except UnreadableNotebook as error:
        return Reading(reason=str(error))
    if not any(cell.source.strip() for cell in cells):
        return Reading(reason=NO_TEXT)
    return Reading(tuple(cells), tuple(notes + damage + excess))


def _cells(document: Any) -> list[SubmittedCell]:
    """The cells of formats 1 to 5, of a Jupyter server's answer around one, or of a bare list of cells."""
    if isinstance(document, list):
        document = {"cells": document}
    if isinstance(document, dict) and isinstance(document.get("content"), dict):
        document = document["content"]
    if not isinstance(document, dict):
        raise UnreadableNotebook("The file holds data, but not a notebook.")
    sheets = document.get("worksheets")
    groups = [document, *(sheets if isinstance(sheets, list) else ())]
    listed = [group.get("cells") for group in groups if isinstance(group, dict)]
    raw = [cell for cells in listed if isinstance(cells, list) for cell in cells]
    if not raw and not any(isinstance(cells, list) for cells in listed):
        raise UnreadableNotebook("The file holds data, but not a notebook: it has no cells.")
    cells = (cell for cell in raw if isinstance(cell, dict))
    return [_cell(cell) for cell in islice(cells, MAX_CELLS + 1)]


def _cell(cell: dict) -> SubmittedCell:
    kind = cell.get("cell_type")
    source = _text(cell.get("source", cell.get("input")))
    if kind == "heading":  # format 3
        kind, source = "markdown", "# " + source
    if kind not in ("code", "markdown", "raw"):
        kind = "code" if "outputs" in cell else "raw"
    metadata = _dict(cell.get("metadata"))
    return SubmittedCell(
        kind,
        source,
        _id(_dict(metadata.get("nbgrader")).get("grade_id")),
        _id(cell.get("id")) or _id(metadata.get("id")),
        _pictures(cell.get("attachments")),
    )


def _text(source: Any) -> str:
    lines = source if isinstance(source, list) else [source]
    text = "".join(line for line in lines if isinstance(line, str))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return text.encode("utf-8", "replace").decode()  # half a surrogate pair could never be saved again


def _id(value: Any) -> str:
    return value if isinstance(value, str) and len(value) <= 1000 else ""


def _dict(value: Any) -> dict:
    return value if isinstance(value, dict) else {}


def _pictures(attachments: Any) -> dict[str, dict[str, str]]:
    """The pictures pasted into a text cell; only plain pixel formats."""
    kept: dict[str, dict[str, str]] = {}
    size = 0
    for name, bundle in _dict(attachments).items():
        for mime in PICTURES:
            data = _dict(bundle).get(mime)
            size += len(data) if isinstance(data, str) else 0
            if isinstance(data, str) and size <= MAX_ATTACHMENTS and BASE64.fullmatch(data):
                kept.setdefault(name, {})[mime] = data
    return kept


def _bounded(cells: list[SubmittedCell]) -> tuple[list[SubmittedCell], list[str]]:
    notes = []
    if len(cells) > MAX_CELLS:
        notes.append(f"The notebook has more than {MAX_CELLS} cells; only the first {MAX_CELLS} were read.")
    if any(len(cell.source) > MAX_TEXT for cell in cells):
        notes.append(f"A cell holds more than {MAX_TEXT} characters; only the first of them were read.")
    if sum(len(cell.source) for cell in cells) > MAX_TEXTS:
        notes.append(f"The cells hold more than {MAX_TEXTS} characters; only the first of them were read.")
    if any(has_conflict(cell.source) for cell in cells[:MAX_CELLS]):
        notes.append("A cell holds an unresolved git conflict; its first side counts.")
    return list(_within(map(_settled, cells[:MAX_CELLS]), MAX_TEXTS)), notes


def _settled(cell: SubmittedCell) -> SubmittedCell:
    text = side(cell.source, "ours") if has_conflict(cell.source) else cell.source
    return cell if text is cell.source and len(text) <= MAX_TEXT else replace(cell, source=text[:MAX_TEXT])


def _within(cells: Iterable[SubmittedCell], max_chars: int) -> Iterator[SubmittedCell]:
    """The cells, the last ones cut off so that all together hold no more than `max_chars` characters."""
    for cell in cells:
        yield cell if len(cell.source) <= max_chars else replace(cell, source=cell.source[:max_chars])
        max_chars = max(0, max_chars - len(cell.source))
