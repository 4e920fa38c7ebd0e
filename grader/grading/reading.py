"""A submission's files -> its notebooks, repaired; in a process that its bytes can do no harm to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from grader.answer_key import AnswerKey
from grader.bounds import BoundExceeded
from grader.plainfiles import shown
from grader.reader import Reader
from grader.records import Repair, Submission
from grader.repair.identify import identify
from grader.repair.repair import RepairedNotebook, repair

READ_SECONDS, READ_MB = 20.0, 1500  # to read and repair one submission; most take some hundredths of a second
Reading = Mapping[str, RepairedNotebook | None]  # by name; None where there is no such file


def reader_of(key: AnswerKey) -> Reader[Submission, Reading]:
    """Whoever reads the submissions of this assignment, one after the other; a context manager."""
    return Reader(partial(_read, key), READ_SECONDS, READ_MB)


def read(reader: Reader[Submission, Reading], key: AnswerKey, submission: Submission) -> Reading:
    """The repaired notebooks; all unreadable where that takes too much. Raises ProcessKilled."""
    try:
        return reader.read(submission)
    except BoundExceeded as limit:
        reason = f"To read what was handed in takes {limit}: hand in the notebook alone, its outputs cleared."
        return {name: RepairedNotebook(None, (Repair(name, "", reason),), reason) for name in key.notebooks}


def _read(key: AnswerKey, submission: Submission) -> Reading:
    paths = identify(submission.files, key.notebooks)
    return {name: _repaired(key, submission, name, paths.get(name, "")) for name in key.notebooks}


def _repaired(key: AnswerKey, submission: Submission, name: str, path: str) -> RepairedNotebook | None:
    data = submission.files.get(path or f"{name}.ipynb")
    if data is None:
        return None
    repaired = repair(data, key.notebooks[name], name, key.released.get(name))
    return replace(repaired, repairs=_renaming(path or f"{name}.ipynb", name) + repaired.repairs)


def _renaming(path: str, name: str) -> tuple[Repair, ...]:
    note = f"{shown(path)} was taken for {name}.ipynb, by what it holds."
    return () if path == f"{name}.ipynb" else (Repair(name, "", note),)
