"""What the student gets back: a page for each notebook with scores, checks, hints, repairs and answers.

Nothing of a hidden test is on it, and nothing on it runs or is loaded from elsewhere.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path

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
from grader.pages.account import accounts
from grader.pages.plain_feedback import as_json, as_markdown
from grader.pages.student_html import CODE_STYLE, Budget, code_html, inline_html, markdown_html, outputs_html
from grader.records import AnswerKey

NO_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Feedback</title>
<p>This page could not be made. Your score is recorded; please tell your instructor.</p>
"""
PAGES_BYTES = 4 << 20  # for all pages of one submission
LIMITS = 60.0, 1000  # CPU seconds and MB to make them; most take some hundredths of a second


def write_feedback(course_dir: Path, assignment: str, students: str = "*") -> list[Path]:
    """Write feedback/STUDENT/ASSIGNMENT/NOTEBOOK.html, .md and .json for graded students; the pages.

    students: a glob, or a very name. Raises FeedbackError at the end, for those whose pages could not be
    made; all others are written.
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
        write_atomic(place / name, page)
    return [place / name for name in made if name.endswith(".html")]


def _apologies(place: Path, run: Run) -> Iterator[Path]:
    """In the place of pages that could not be made: an older one would tell what is no longer so."""
    for name in run.notebooks:
        with contextlib.suppress(OSError):
            for ending in ("md", "json"):
                (place / f"{name}.{ending}").unlink(missing_ok=True)
            write_atomic(place / f"{name}.html", NO_PAGE)
            yield place / f"{name}.html"


def pages(key: AnswerKey, run: Run, autograded: Path, ledger: Ledger) -> dict[str, str]:
    """file name -> its content: for each notebook a page, and the same as Markdown and as JSON."""
    template = _environment().get_template("feedback.html.j2")
    made = {}
    for account in accounts(key, run, autograded, ledger):
        cell_html = cell_renderer(Budget(PAGES_BYTES // len(run.notebooks)))
        page = template.render(it=account, run=run, cell_html=cell_html)
        made[f"{account.notebook}.html"] = page
        made[f"{account.notebook}.md"] = as_markdown(account)
        made[f"{account.notebook}.json"] = as_json(account)
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


def cell_renderer(budget: Budget):
    """A function from a cell of the student's to its HTML, as long as there is room on the page."""

    def render(cell: NotebookNode) -> Markup:
        if cell.cell_type != "code":
            return Markup(budget.take(markdown_html, cell.source))
        return Markup(budget.take(code_html, cell.source) + budget.take(outputs_html, cell.outputs))

    return render
