"""Which slip, or which two at once, the marks of an answer's failing checks are those of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from grader.notebook.evidence import has_value
from grader.notebook.slip_questions import COMES_OUT

ROW = "="  # begins the mark of a whole row


def row_mark(marks: Iterable[str]) -> str:
    """One mark for all of an answer's: two slips at once must give the same throughout, and are many."""
    return ROW + hashlib.sha256(" ".join(marks).encode()).hexdigest()[:10]


def recognise_slip(marks: list[str], slips: Mapping[str, Sequence[str]]) -> str:
    """The hint of the first slip that fails with the same values: in all, or in two at least and no other.
    Where none does, that of the two slips which together fail in the same way.

    slips: hint -> rows of marks, each row one string; under both hints of two slips the marks of their rows.
    """
    values = set(filter(has_value, marks))
    for hint, rows in slips.items():
        for row in map(str.split, rows):
            theirs = set(filter(has_value, row))
            if row == marks or (len(values & theirs) > 1 and (values <= theirs or theirs <= values)):
                return hint
    whole = row_mark(marks)
    return _together([hint for hint, rows in slips.items() if any(whole in row for row in rows)])


def _together(hints: list[str]) -> str:
    """What to ask about two slips at once, or about one kind of slip that is made twice."""
    if not hints:
        return ""
    clauses, questions = zip(*(hint.removeprefix(COMES_OUT).split(". ", 1) for hint in hints), strict=True)
    said = " and ".join(clauses) if len(hints) > 1 else f"{clauses[0]}, and that twice"
    return f"Two things come together here. {COMES_OUT}{said}. {' '.join(questions)}"
