"""The report on a graded assignment, for the staff: a page, the same facts as JSON, a table."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from statistics import mean, median

from markupsafe import Markup
from rich.table import Table

from grader import records
from grader.atomic import write_atomic
from grader.books.gradebook import Gradebook
from grader.books.ledger import Ledger
from grader.books.runs import GRADED, Run, read_runs
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.engine.sandbox.levels import UNSAFE
from grader.errors import CourseError
from grader.grading.score import question_cells
from grader.pages.answered import Answered
from grader.pages.comparison import changes_since
from grader.pages.failures import Answer, groups, mistakes, no_answer
from grader.pages.items import item_facts
from grader.pages.jinja import Environment, page_environment
from grader.pages.questions import split_questions
from grader.pages.student_html import CODE_STYLE, code_html, inline_html, plain
from grader.records import AnswerKey, CellScore, Status

BINS = 10  # of the histogram of scores

NOTHING = Ledger()


def write_report(course_dir: Path, assignment: str) -> Path:
    """Write report/ASSIGNMENT.html and .json; the path of the page. CourseError where nothing is graded."""
    course = open_course(course_dir)
    key = load_key(course, assignment)
    with Gradebook(course, key, dry_run=True) as book:
        ledger = book.ledger()
    facts = report_facts(key, read_runs(course_dir, assignment), ledger, Answered(course, key))
    page = Path(course_dir) / "report" / f"{assignment}.html"
    facts["changes"] = changes_since(page.with_suffix(".json"), facts)
    write_atomic(page.with_suffix(".json"), json.dumps(facts, indent=1))
    write_atomic(page, _environment().get_template("report.html.j2").render(facts))
    return page


def report_facts(
    key: AnswerKey, runs: list[Run], ledger: Ledger = NOTHING, answer: Answer = no_answer
) -> dict:
    """All that the report says, as plain values; points are numbers, None where there is no score."""
    if not runs:
        raise CourseError("no submission is graded", file=key.assignment, remedy="run `grader grade` first")
    students = [_student(run, ledger) for run in runs]
    totals = [student["points"] for student in students if student["points"] is not None]
    of = sum(points for nb in key.unsolved.values() for points in question_cells(nb).values())
    return {
        "assignment": key.assignment,
        "max_points": of,
        "submissions": len(runs),
        "labels": dict(Counter(run.label for run in runs).most_common()),
        "unconfined": sum(n.sandbox == UNSAFE for run in runs for n in run.notebooks.values()),
        "mean": mean(totals) if totals else None,
        "median": median(totals) if totals else None,
        "histogram": _histogram(totals, of),
        "questions": _questions(key, students),
        "items": item_facts(runs, ledger),
        "mistakes": mistakes(key, runs, answer),
        "groups": [asdict(group) for group in groups(runs, answer)],
        "seconds": median(run.seconds for run in runs),
        "changes": None,
        "endings": _endings(runs),
        "repairs": _repairs(runs),
        "notes": [{"student": run.student, "what": note} for run in runs for note in run.notes],
        "students": students,
    }


def _student(run: Run, ledger: Ledger) -> dict:
    cells = [_cell(run, notebook, score, ledger) for notebook, score in run.scores]
    stands = ledger.standing(run)
    return {
        "student": run.student,
        "label": run.label,
        "detail": (run.detail or run.waiting) if run.label != GRADED else "",
        "points": stands.points,
        "penalty": stands.penalty,
        "unread": stands.unread,
        "waits": any(cell["points"] is None for cell in cells),
        "seconds": round(run.seconds, 3),
        "questions": cells,
    }


def _cell(run: Run, notebook: str, score: CellScore, ledger: Ledger) -> dict:
    return {
        "notebook": notebook,
        "question": score.grade_id,
        "points": ledger.points(run.student, notebook, score),
        "max_points": score.max_score,
        "status": str(score.status),
        "inside": score.where != records.Place.OUTSIDE,
    }


def _histogram(totals: list[float], of: float) -> list[dict]:
    """Submissions by share of the points: BINS equal parts, full marks in the last one."""
    counts = Counter(min(int(BINS * total / of), BINS - 1) if of else 0 for total in totals)
    return [{"from": n / BINS, "to": (n + 1) / BINS, "count": counts[n]} for n in range(BINS)]


def _questions(key: AnswerKey, students: list[dict]) -> list[dict]:
    """How hard each question was: how many earned all, a part, nothing, and who has no score."""
    cells = [cell for student in students for cell in student["questions"]]
    return [
        {"notebook": name, "question": grade_id, "max_points": points, "title": titles.get(grade_id, "")}
        | _difficulty([c for c in cells if (c["notebook"], c["question"]) == (name, grade_id)])
        for name, nb in key.unsolved.items()
        for titles in [_titles(key, name)]
        for grade_id, points in question_cells(nb).items()
    ]


def _titles(key: AnswerKey, name: str) -> dict[str, str]:
    """grade_id -> the heading that it stands under."""
    return {grade_id: one.title for one in split_questions(key.notebooks[name]) for grade_id in one.grade_ids}


def _difficulty(cells: list[dict]) -> dict:
    shares = [c["points"] / c["max_points"] for c in cells if c["points"] is not None and c["max_points"]]
    full, none = sum(share >= 1 for share in shares), sum(share <= 0 for share in shares)
    return {
        "mean_share": mean(shares) if shares else None,
        "full": full,
        "part": len(shares) - full - none,
        "none": none,
        "unscored": len(cells) - len(shares),
        "inside": any(c["inside"] for c in cells),
    }


def _endings(runs: Iterable[Run]) -> list[dict]:
    """Questions that did not end by themselves: time-outs, crashes, memory, output."""
    return [
        {"student": run.student, "question": score.grade_id, "status": str(score.status)}
        for run in runs
        for _, score in run.scores
        if run.status not in (Status.UNREADABLE, Status.MISSING, Status.NOT_GRADED)
        and score.status is not Status.COMPLETED
    ]


def _repairs(runs: Iterable[Run]) -> list[dict]:
    return [
        {"student": run.student, "question": repair.grade_id, "what": repair.what}
        for run in runs
        for repair in run.repairs
    ]


def _environment() -> Environment:
    environment = page_environment()
    environment.globals["code_style"] = Markup(CODE_STYLE)
    environment.filters |= {
        "number": lambda value: "–" if value is None else f"{value:.4g}",
        "plain": lambda text: plain(text, 500),
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
        table.add_row(question["question"], f"{question['max_points']:g}", *counts, shown)
    return table
