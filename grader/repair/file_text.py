"""The text of a file, whatever encoding it was saved in."""

from __future__ import annotations

import codecs

from grader.repair.rescue import UnreadableNotebook

MAX_BYTES = 64 << 20
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


def decoded(data: bytes) -> tuple[str, list[str]]:
    if len(data) > MAX_BYTES:
        raise UnreadableNotebook(
            f"The file is larger than {MAX_BYTES >> 20} MB: clear its outputs and save it."
        )
    if not data.strip(b"\0 \t\r\n"):
        raise UnreadableNotebook("The file is empty: save the notebook and hand it in again.")
    for start, what in NOT_NOTEBOOKS.items():
        if data.startswith(start):
            raise UnreadableNotebook(f"This is {what}, not a notebook: hand in the .ipynb file.")
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
