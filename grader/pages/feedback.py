"""What the student gets back: a page for each notebook with scores, checks, hints, repairs and answers.

Nothing of a hidden test is on it, and nothing on it runs or is loaded from elsewhere.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import nbformat
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from nbformat import NotebookNode

from grader.apart import apart
from grader.atomic import write_atomic
from grader.books.gradebook import Gradebook
from grader.books.ledger import Ledger
from grader.books.runs import Run, read_run
from grader.bounds import Exceeded
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.errors import FeedbackError
from grader.intake.submissions import list_submissions
from grader.pages.check_ids import CheckIds
from grader.pages.questions import questions
from grader.pages.student_html import CODE_STYLE, Budget, code_html, inline_html, markdown_html, outputs_html
from grader.records import AnswerKey, Status

NO_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Feedback</title>
<p>This page could not be made. Your score is recorded; please tell your instructor.</p>
"""
PAGES_BYTES = 4 << 20  # for all pages of one submission
LIMITS = 60.0, 1000  # CPU seconds and MB to make them; most take some hundredths of a second
UNREAD = {
    Status.UNREADABLE: "This notebook could not be read, so it has no score yet.",
    Status.MISSING: "This notebook was not handed in.",
    Status.NOT_GRADED: "This notebook has not been graded yet, for a reason that is not yours.",
}


def write_feedback(course_dir: Path, assignment: str, students: str = "*") -> list[Path]:
    """Write feedback/STUDENT/ASSIGNMENT/NOTEBOOK.html for the graded students that match the glob.

    Raises FeedbackError at the end, for those whose pages could not be made; all others are written.
    """
    course = open_course(course_dir)
    key = load_key(course, assignment)
    with Gradebook(course, key, dry_run=True) as book:
        ledger = book.ledger()
    written, failed = [], {}
    for student in list_submissions(course, assignment, students):
        run = read_run(course_dir, student, assignment)
        if run is None:
            continue
        autograded, place = (course.folder(step, student, assignment) for step in ("autograded", "feedback"))
        try:
            written += apart(partial(_write, place, key, run, autograded, ledger), *LIMITS)
        except (Exception, Exceeded) as error:  # a notebook that somebody changed in autograded/, say
            failed[student] = f"{type(error).__name__}: {error}"
            written += _apologies(place, run)
    if failed:
        raise FeedbackError(failed)
    return written


def _write(place: Path, *what) -> list[Path]:
    made = pages(*what)
    for name, page in made.items():
        write_atomic(place / f"{name}.html", page)
    return [place / f"{name}.html" for name in made]


def _apologies(place: Path, run: Run) -> Iterator[Path]:
    """In the place of pages that could not be made: an older one would tell what is no longer so."""
    for name in run.notebooks:
        with contextlib.suppress(OSError):
            write_atomic(place / f"{name}.html", NO_PAGE)
            yield place / f"{name}.html"


def pages(key: AnswerKey, run: Run, autograded: Path, ledger: Ledger) -> dict[str, str]:
    """notebook -> its HTML page."""
    template = _environment().get_template("feedback.html.j2")
    made = {}
    for name, notebook in run.notebooks.items():
        here = (run.student, name)
        by_hand = {place[2]: manual for place, manual in ledger.by_hand.items() if place[:2] == here}
        said = {place[2]: text for place, text in ledger.comments.items() if place[:2] == here}
        nb = None if notebook.status in UNREAD else _read(autograded / f"{name}.ipynb")
        asked = questions(
            key.notebooks[name], nb, notebook.scores, by_hand, said, CheckIds(run.assignment, name)
        )
        made[name] = template.render(
            run=run,
            notebook=name,
            problem=UNREAD.get(notebook.status, ""),
            detail=notebook.detail if notebook.status in UNREAD else "",
            repairs=[repair for repair in run.repairs if repair.notebook == name],
            questions=asked,
            points=max(0.0, sum(question.points for question in asked) - ledger.penalties.get(here, 0.0)),
            reason=ledger.reasons.get(run.student, ""),
            penalty=ledger.penalties.get(here, 0.0),
            max_points=sum(question.max_points for question in asked),
            cell_html=_cell_html(Budget(PAGES_BYTES // len(run.notebooks))),
        )
    return made


def _environment() -> Environment:
    loader = PackageLoader("grader.pages")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.globals |= {"code_style": Markup(CODE_STYLE), "code_html": lambda s: Markup(code_html(s))}
    environment.filters |= {
        "number": lambda value: f"{value:.4g}",
        "inline": lambda text: Markup(inline_html(text)),
    }
    return environment


def _cell_html(budget: Budget):
    """A function from a cell of the student's to its HTML, as long as there is room on the page."""

    def render(cell: NotebookNode) -> Markup:
        if cell.cell_type != "code":
            return Markup(budget.take(markdown_html, cell.source))
        return Markup(budget.take(code_html, cell.source) + budget.take(outputs_html, cell.outputs))

    return render


def _read(path: Path) -> NotebookNode | None:
    """The executed notebook that the gradebook's writer left, None when it is gone."""
    try:
        nb = nbformat.from_dict(json.loads(path.read_bytes()))
    except (OSError, ValueError):
        return None
    for cell in nb.cells:
        cell.source = "".join(cell.source)
    return nb
