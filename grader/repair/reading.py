"""What a student's file holds: bytes -> cells, whatever program wrote it and whatever befell it since.

Any notebook format is read by its shape, not by its number; nothing is validated and nothing is trusted.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from grader.repair.rescue import Unreadable, documents, has_conflict, side

MAX_BYTES = 64 << 20
MAX_CELLS = 5_000
MAX_MERGED = 500  # cells of each side of a git conflict that are compared
MAX_TEXT = 1 << 20  # characters of one cell
MAX_TEXTS = 8 << 20  # of all cells: they travel to the judge in one message
MAX_ATTACHMENTS = 4 << 20  # characters of one cell's pictures
PICTURES = ("image/png", "image/jpeg", "image/gif")
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")

BOMS = {  # UTF-32 first: its mark begins with that of UTF-16
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
NOT_NOTEBOOKS = {
    b"PK\x03\x04": "a zip archive or an office document",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a compressed archive",
    b"\x89PNG": "a picture",
}
NO_TEXT = "The notebook is empty: none of its cells holds any text."


@dataclass(frozen=True)
class Found:
    """A cell as the student's file has it. `grade_id` and `cell_id` are claims ("" when there is none)."""

    kind: str  # code, markdown, raw
    source: str
    grade_id: str = ""
    cell_id: str = ""
    attachments: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """The cells of a file and what was odd about it; or no cells and the reason, a line for the student."""

    cells: tuple[Found, ...] = ()
    notes: tuple[str, ...] = ()
    reason: str = ""


def read_notebook(data: bytes) -> Reading:
    """Read a notebook of any format from any editor; never raises."""
    try:
        text, notes = _decoded(data)
        found, odd = documents(text)
        sides = [_cells(document) for document in found]
        cells, odder = _bounded(sides[0] if len(sides) == 1 else _both(*sides))
    except Unreadable as error:
        return Reading(reason=str(error))
    if not any(cell.source.strip() for cell in cells):
        return Reading(reason=NO_TEXT)
    return Reading(tuple(cells), tuple(notes + odd + odder))


def _decoded(data: bytes) -> tuple[str, list[str]]:
    if len(data) > MAX_BYTES:
        raise Unreadable(f"The file is larger than {MAX_BYTES >> 20} MB: clear its outputs and save it.")
    if not data.strip(b"\0 \t\r\n"):
        raise Unreadable("The file is empty: save the notebook and hand it in again.")
    for start, what in NOT_NOTEBOOKS.items():
        if data.startswith(start):
            raise Unreadable(f"This is {what}, not a notebook: hand in the .ipynb file.")
    encoding = _encoding(data)
    notes = [] if encoding.startswith("utf-8") else [f"The file was saved as {encoding.upper()}, not UTF-8."]
    return data.decode(encoding, "replace"), notes


def _encoding(data: bytes) -> str:
    for mark, encoding in BOMS.items():
        if data.startswith(mark):
            return encoding
    if 0 in data[:2]:  # the first character is ASCII in any notebook
        return "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
    try:
        data.decode()
        return "utf-8"
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    wrong = text.count("�")
    right = len(text) - len(text.encode("ascii", "ignore")) - wrong
    return "cp1252" if wrong > right + 1 else "utf-8"  # one wrong character: a file cut off inside it


def _cells(document: Any) -> list[Found]:
    """The cells of formats 1 to 5, of a Jupyter server's answer around one, or of a bare list of cells."""
    if isinstance(document, list):
        document = {"cells": document}
    if isinstance(document, dict) and isinstance(document.get("content"), dict):
        document = document["content"]
    if not isinstance(document, dict):
        raise Unreadable("The file holds data, but not a notebook.")
    sheets = document.get("worksheets")
    groups = [document, *(sheets if isinstance(sheets, list) else ())]
    listed = [group.get("cells") for group in groups if isinstance(group, dict)]
    raw = [cell for cells in listed if isinstance(cells, list) for cell in cells]
    if not raw and not any(isinstance(cells, list) for cells in listed):
        raise Unreadable("The file holds data, but not a notebook: it has no cells.")
    cells = (cell for cell in raw if isinstance(cell, dict))
    return [_cell(cell) for cell in islice(cells, MAX_CELLS + 1)]


def _cell(cell: dict) -> Found:
    kind = cell.get("cell_type")
    source = _text(cell.get("source", cell.get("input")))
    if kind == "heading":  # format 3
        kind, source = "markdown", "# " + source
    if kind not in ("code", "markdown", "raw"):
        kind = "code" if "outputs" in cell else "raw"
    metadata = _dict(cell.get("metadata"))
    return Found(
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


def _bounded(cells: list[Found]) -> tuple[list[Found], list[str]]:
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


def _settled(cell: Found) -> Found:
    text = side(cell.source, "ours") if has_conflict(cell.source) else cell.source
    return cell if text is cell.source and len(text) <= MAX_TEXT else replace(cell, source=text[:MAX_TEXT])


def _within(cells: Iterable[Found], max_chars: int) -> Iterator[Found]:
    """The cells, the last ones cut off so that all together hold no more than `max_chars` characters."""
    for cell in cells:
        yield cell if len(cell.source) <= max_chars else replace(cell, source=cell.source[:max_chars])
        max_chars = max(0, max_chars - len(cell.source))


def _both(ours: list[Found], theirs: list[Found]) -> list[Found]:
    """Both sides of a conflict: a cell that only theirs has, or has otherwise, stands before ours."""
    merged, at = ours[:MAX_MERGED], 0
    marks = [_mark(cell) for cell in merged]
    for cell, mark in ((cell, _mark(cell)) for cell in theirs[:MAX_MERGED]):
        same = [i for i, own in enumerate(marks) if _same(own, mark)]
        at = same[0] if same else at
        if mark not in marks:
            merged.insert(at, cell)
            marks.insert(at, mark)
        at += 1
    return merged + ours[MAX_MERGED:]


def _mark(cell: Found) -> tuple:
    """What of a cell is compared: of its texts only their hashes, for texts may be long and nearly alike."""
    return cell.grade_id, cell.cell_id, hash(cell.source), cell.kind, hash(str(cell.attachments))


def _same(one: tuple, other: tuple) -> bool:
    if one[0] or other[0]:
        return one[0] == other[0]
    return one[2] == other[2] or bool(one[1] and one[1] == other[1])
