"""The answers as a zip that Dolos reads (https://dolos.ugent.be): a file for each student, and info.csv."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from grader.similarity.answers import Answer
from grader.spreadsheet import neutral


def write_dolos(path: Path, answers: Iterable[Answer]) -> None:
    """Write the code of each student as one Python file, question by question. `answers` are by student."""
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(("filename", "full_name"))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        code = (answer for answer in answers if answer.is_code)
        for number, (student, own) in enumerate(groupby(code, key=lambda answer: answer.student), 1):
            name = f"{number:05}.py"
            text = "\n\n".join(f"# {answer.question}\n{answer.source}" for answer in own)
            archive.writestr(name, text.encode("utf-8", "replace"))
            rows.writerow((name, neutral(student)))
        archive.writestr("info.csv", table.getvalue().encode("utf-8", "replace"))
