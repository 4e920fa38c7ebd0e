"""JSON text -> the notebook in it, also when the text is cut off, has rubbish around it or git conflicts.

Work is bounded by the length of the text, never by what it says.
"""

from __future__ import annotations

import json
import re
from typing import Any

from grader.repair.cut_off import endings
from grader.repair.git_conflict import has_conflict, side

MAX_PARTS = 5_000_000  # lists, objects and items of one file: some 400 MB of Python objects at worst
WORK = 200  # what salvaging may cost per character of the file, and
MAX_WORK = 2_000_000_000  # in all; one unit is to count a character, DECODE to decode one
DECODE = 10

DECODER = json.JSONDecoder(
    strict=False, parse_constant=lambda _: None, parse_int=lambda digits: int(digits[:18])
)
OBJECT = re.compile(r'\{\s*+"')
CELL = re.compile(r'\{\s*+"(?:cell_type|source|execution_count|attachments|metadata|id)"')

TRAILING = "There was other text around the notebook in the file; it was ignored."
CUT_OFF = "The file is cut off or damaged; what could be read was kept. Save it and hand it in again."
CONFLICT = "The file holds an unresolved git conflict; both sides were read, the first one counts."


class UnreadableNotebook(Exception):
    """The file holds no notebook; the message is the line for the student."""


def documents(text: str) -> tuple[list[Any], list[str]]:
    """The notebook in `text`, or both sides of a git conflict (the first one first), and what was odd.

    Raises UnreadableNotebook when not even one cell can be saved.
    """
    if len(text) > MAX_PARTS and sum(text.count(mark) for mark in "[{,") > MAX_PARTS:
        raise UnreadableNotebook("The file has far more parts than any notebook.")
    if whole := _decode(text):
        return [whole[0]], [TRAILING] if whole[1] else []
    if has_conflict(text):
        sides = [_rescued(side(text, name)) for name in ("ours", "theirs")]
        return sides, [CONFLICT]
    return [_rescued(text)], [CUT_OFF]


def _decode(text: str) -> tuple[Any, bool] | None:
    """The JSON value in `text` and whether other text stands around it; None when it is damaged."""
    for start in dict.fromkeys((len(text) - len(text.lstrip()), max(text.find("{"), 0))):
        try:
            value, end = DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict | list):
            return value, bool(text[:start].strip() or text[end:].strip())
    return None


def _rescued(text: str) -> dict:
    if whole := _decode(text):
        return whole[0]
    cells, end = _whole_cells(text)
    cells += _last_cell(text[end:])
    if not cells:
        raise UnreadableNotebook(_why(text))
    return {"nbformat": 4, "cells": cells}


def _whole_cells(text: str) -> tuple[list[dict], int]:
    """Every undamaged cell, wherever it stands, and where the last of them ended."""
    cells, end, work = [], 0, min(WORK * len(text), MAX_WORK)
    for start in (match.start() for match in OBJECT.finditer(text)):
        if start < end:
            continue
        try:
            value, stop = DECODER.raw_decode(text, start)
        except json.JSONDecodeError as error:
            work -= DECODE * (error.pos - start) + error.pos  # it counts the lines above it
        except (ValueError, RecursionError):
            work -= DECODE * (len(text) - start)
        else:
            work -= DECODE * (stop - start)
            if _is_cell(value):
                cells.append(value)
                end = stop
        if work < 0:
            break
    return cells, end


def _is_cell(value: Any) -> bool:
    return isinstance(value, dict) and "cell_type" in value and ("source" in value or "input" in value)


def _last_cell(text: str) -> list[dict]:
    """The cell in which the file was cut off, as far as it goes."""
    match = CELL.search(text)
    for closed in endings(text[match.start() :]) if match else ():
        try:
            value, _ = DECODER.raw_decode(closed)
        except (ValueError, RecursionError):
            continue
        if _is_cell(value):
            return [value]
    return []


def _why(text: str) -> str:
    start = text[:300].lstrip().lower()
    if start.startswith(("<!doctype", "<html", "<?xml", "<head")):
        return "This is a web page, not a notebook: download the .ipynb file itself."
    if start.startswith(("{", "[")):
        return "The file is damaged: no cell of a notebook can be read from it."
    return "This is not a notebook (.ipynb) file."
