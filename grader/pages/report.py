"""The report on a graded assignment, for the staff: a page, the same facts as JSON, a table."""

from __future__ import annotations

import json
from pathlib import Path
from shlex import quote

from markupsafe import Markup
from rich.markup import escape
from rich.table import Table

from grader.atomic import write_atomic
from grader.books.gradebook import read_ledger
from grader.books.run_files import read_runs
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.pages.autograded_answers import AutogradedAnswers
from grader.pages.comparison import changes_since
from grader.pages.jinja import Environment, page_environment
from grader.pages.report_facts import report_facts
from grader.pages.roll import call_roll
from grader.pages.student_html import CODE_STYLE, code_html, inline_html, plain
from grader.points import points_text


def write_report(course_dir: Path, assignment: str) -> Path:
    """Write report/ASSIGNMENT.html and .json; the path of the page. CourseError where nothing is graded."""
    course = open_course(course_dir)
    key = load_key(course, assignment)
    ledger = read_ledger(course, assignment)
    runs = read_runs(course_dir, assignment)
    facts = report_facts(key, runs, ledger, AutogradedAnswers(course, key))
    page = Path(course_dir) / "report" / f"{assignment}.html"
    facts["changes"] = changes_since(page.with_suffix(".json"), facts)
    facts["roll"] = call_roll(course, runs, page.parent)
    write_atomic(page.with_suffix(".json"), json.dumps(facts, indent=1))
    write_atomic(page, _environment().get_template("report.html.j2").render(facts))
    return page


def _environment() -> Environment:
    environment = page_environment()
    environment.globals["code_style"] = Markup(CODE_STYLE)
    environment.filters |= {
        "seconds": lambda value: "–" if value is None else f"{value:.3g} s",
        "number": lambda value: "–" if value is None else points_text(value),
        "plain": lambda text: plain(text, 500),
        "word": quote,  # of a command
        "inline": lambda text: Markup(inline_html(text)),
        "code": lambda text: Markup(code_html(text)),
    }
    return environment


def summary_table(facts: dict) -> Table:
    """The questions of the report as a table for the terminal."""
    table = Table("question", "points", "full", "part", "none", "no score", "mean", box=None)
    for question in facts["questions"]:
        share = question["mean_share"]
        counts = (str(question[kind]) for kind in ("full", "part", "none", "unscored"))
        shown = "–" if share is None else f"{share:.0%}"
        table.add_row(escape(question["question"]), f"{question['max_points']:g}", *counts, shown)
    return table
