"""The feedback pages of one student: whether they are as they would be made now, and their making."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

from grader.answer_key import AnswerKey
from grader.atomic import write_atomic
from grader.books.ledger import Ledger
from grader.books.run_files import read_run
from grader.books.runs import Basis, Run
from grader.course.directory import Course
from grader.pages.feedback_template import FeedbackTemplate

NO_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Feedback</title>
<p>This page could not be made. Your score is recorded; please tell your instructor.</p>
"""
MARK = "\n<!-- {} -->\n"


@dataclass(frozen=True)
class PageOrder:
    """The pages to make of one run; `digest` stands for all that they are made from."""

    run: Run
    autograded: Path
    place: Path
    digest: str

    @property
    def pages(self) -> list[Path]:
        return [self.place / f"{name}.html" for name in self.run.notebooks]

    def is_done(self) -> bool:
        """Whether the pages there were made from the same."""
        beside = [page.with_suffix(kind) for page in self.pages for kind in (".md", ".json")]
        return all(map(self._is_current, self.pages)) and all(path.is_file() for path in beside)

    def _is_current(self, page: Path) -> bool:
        mark = MARK.format(self.digest).encode()
        with contextlib.suppress(OSError), page.open("rb") as file:
            file.seek(-len(mark), os.SEEK_END)
            return file.read() == mark
        return False

    def carry_out(self, template: FeedbackTemplate) -> None:
        for name, text in template.pages(self.run, self.autograded).items():
            mark = MARK.format(self.digest) if name.endswith(".html") else ""
            write_atomic(self.place / name, text + mark)

    def apologise(self) -> None:
        """In the place of pages that could not be made: an older one would tell what is no longer so."""
        for page in self.pages:
            with contextlib.suppress(OSError):
                for kind in (".md", ".json"):
                    page.with_suffix(kind).unlink(missing_ok=True)
                write_atomic(page, NO_PAGE)


def order_of(course: Course, key: AnswerKey, ledger: Ledger, student: str) -> PageOrder | None:
    """None: there is no record of a grading."""
    run = read_run(course.root, student, key.assignment)
    if run is None:
        return None
    autograded, place = (course.folder(step, student, key.assignment) for step in ("autograded", "feedback"))
    return PageOrder(run, autograded, place, _digest(key, run, autograded, ledger))


def _digest(key: AnswerKey, run: Run, autograded: Path, ledger: Ledger) -> str:
    """Of what pages tell: the record, the notebooks as they ran, what the gradebook adds, the key, and the
    makers of pages. So the same marks, found again, are the same pages to the last byte."""
    content = [
        [
            ledger.given(run.student, name),
            ledger.said(run.student, name),
            ledger.penalties.get((run.student, name)),
        ]
        for name in run.notebooks
    ]
    text = [_lasting(run), content, ledger.reasons.get(run.student), asdict(ledger.standing(run))]
    text += [key.digest, _makers()]
    digest = hashlib.sha256(json.dumps(text, default=str).encode())
    for name in run.notebooks:
        with contextlib.suppress(OSError):
            digest.update((autograded / f"{name}.ipynb").read_bytes())
    return digest.hexdigest()


def _lasting(run: Run) -> dict:
    """The record without what is another one each time."""
    lasting = asdict(replace(run, seed=0, fingerprint="", failures=0, versions={}, basis=Basis()))
    for notebook in lasting["notebooks"].values():
        notebook |= {"seconds": 0.0, "peak_mb": 0.0, "cpu": {}}
        for score in notebook["scores"]:
            del score["detail"], score["seconds"]  # for the staff
    return lasting


@cache
def _makers() -> str:
    """A digest of the modules and templates that pages are made by."""
    files = sorted(path for path in Path(__file__).parent.rglob("*") if path.suffix in (".py", ".j2", ".css"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
