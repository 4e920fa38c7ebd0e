"""Tables for spreadsheets and learning platforms: CSV in which no text is ever run as a formula.

A cell that a spreadsheet would compute gets an apostrophe before it, as spreadsheets themselves write text;
`original` takes it off again, so that a table that comes back names the same students.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from grader.atomic import write_atomic
from grader.errors import CourseError

# What starts a formula, also in full width, at the start of a cell or of what another separator makes one.
_START = r"(^|[;,\t\r\n])"
_SIGNS = r"[=+\-]+(?:[;,\t\r\n]|\Z)"  # nothing but signs computes nothing
_FORMULA = rf"(?!{_SIGNS})(?=[=+\-@\t\r|%＝＋－＠])"
_RISKY = re.compile(f"{_START}('*){_FORMULA}")
_NEUTRAL = re.compile(f"{_START}'('*){_FORMULA}")
_NUMBER = re.compile(r"-?[0-9]+([.,][0-9]+)?")
SEPARATORS = ",;\t"

Row = Sequence[str | float | None]


def neutral(text: str) -> str:
    """`text` as a cell that no spreadsheet computes; numbers and harmless text stay as they are."""
    return text if _NUMBER.fullmatch(text) else _RISKY.sub(r"\1'\2", text)


def original(cell: str) -> str:
    """The text of which `neutral` made `cell`."""
    return _NEUTRAL.sub(r"\1\2", cell)


def number(points: float | None) -> str:
    """Points as a cell; no points are an empty cell, never zero."""
    return "" if points is None else f"{points:.10g}"


def write_table(path: Path, rows: Iterable[Row], separator: str = ",") -> None:
    """Write rows of texts, which are made neutral, and points; `path` may be a device or a pipe, too."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator)
    writer.writerows(map(_cell, row) for row in rows)
    data = text.getvalue().encode("utf-8", "surrogateescape")
    path = Path(path)
    if path.is_symlink() or (path.exists() and not path.is_file()):
        path.write_bytes(data)  # /dev/stdout, a pipe: nothing to be put in its place
    else:
        write_atomic(path, data)


def _cell(value: str | float | None) -> str:
    return neutral(value) if isinstance(value, str) else number(value)


def read_table(path: Path, errors: str = "surrogateescape") -> tuple[list[list[str]], str]:
    """The rows of a CSV file with the texts that `neutral` was given, and its separator.

    Raises CourseError for a file that is none.
    """
    try:
        text = Path(path).read_bytes().decode("utf-8-sig", errors)
        head = text.partition("\n")[0]
        separator = max(SEPARATORS, key=head.count)
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        return [[original(cell) for cell in row] for row in rows if row], separator
    except (OSError, UnicodeError, csv.Error) as error:
        raise CourseError(f"no readable table: {error}", file=path, remedy="save it as UTF-8 CSV") from error
