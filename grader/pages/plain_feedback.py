"""The feedback page as Markdown, for a mail or a terminal, and as JSON, for other programs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from grader.pages.account import Account
from grader.pages.questions import Question
from grader.pages.results import CellResult
from grader.pages.student_html import plain
from grader.points import points_text

MARKS = re.compile(r"([\\`*_{}\[\]<>#|!~])")
LINE = 2_000  # characters of a message


def as_markdown(account: Account) -> str:
    """What the page says without the code; nothing a student wrote is markup in it."""
    title = f"{account.run.assignment}, {account.run.student}: {account.notebook}"
    lines = [f"# {_plain(title)}", ""]
    lines += [f"{_plain(note)}\n" for note in account.run.notes]
    if account.problem:
        return "\n".join([*lines, f"**{account.problem}** {_plain(account.detail)}", ""])
    so_far = " so far" if account.waits else ""
    lines += [f"**{points_text(account.points)} of {points_text(account.max_points)} points{so_far}**", ""]
    if account.reason:
        off = f" {points_text(account.penalty)} points are taken off." if account.penalty else ""
        lines += [f"{_plain(account.reason)}{off}", ""]
    for repair, times in account.repairs.items():
        lines.append(f"- repaired: {_plain(repair.what)}{f' ({times} times)' if times > 1 else ''}")
    for question in account.questions:
        lines += ["", *_question(question)]
    return "\n".join([*lines, ""])


def _question(question: Question) -> Iterator[str]:
    so_far = " so far" if question.waits else ""
    worth = f"{points_text(question.points)} of {points_text(question.max_points)}{so_far}"
    yield f"## {_plain(question.title)}: {worth}"
    yield ""
    if question.causes:
        yield f"- It calls {_plain(', '.join(question.causes))}, which lost points above: look there first."
    for result in question.results:
        yield from _result(result)
    if question.lost and question.reading:
        links = [f"{_plain(text)} ({address})" for text, address in question.reading.links]
        yield f"- To read again: {'; '.join(filter(None, [_plain(question.reading.section), *links]))}"
    for comment in question.comments:
        yield from ("", "> " + "\n> ".join(_plain(line) for line in comment.splitlines()))


def _result(result: CellResult) -> Iterator[str]:
    if result.points is None and not result.rows:
        yield f"- … {'your answer waits for a reader' if result.by_hand else 'no score yet'}"
    for row in result.rows:
        quoted = f" ({row.id})" if row.id else ""
        worth = f"{points_text(row.points)} of {points_text(row.max_points)}"
        yield f"- {'✓' if row.passed else '✗'} {_plain(row.label)}{quoted}: {worth}"
        if row.message and not row.passed:
            yield "  " + "\n  ".join(_plain(row.message).splitlines())
    for word in (result.ending, result.hint and f"Hint: {_plain(result.hint)}"):
        if word:
            yield f"- {word}"


def _plain(text: str) -> str:
    return MARKS.sub(r"\\\1", plain(text, LINE))


def as_json(account: Account) -> str:
    """The same facts; points of null are no score yet, never zero."""
    facts = {
        "assignment": account.run.assignment,
        "student": account.run.student,
        "notebook": account.notebook,
        "problem": " ".join(filter(None, (account.problem, account.detail))),
        "points": None if account.problem else account.points,
        "max_points": account.max_points,
        "late_penalty": account.penalty,
        "late_reason": account.reason,
        "notes": list(account.run.notes),
        "repairs": [repair.what for repair in account.repairs],
        "questions": [_question_facts(question) for question in account.questions],
    }
    return json.dumps(facts, indent=1, ensure_ascii=True)


def _question_facts(question: Question) -> dict:
    return {
        "title": question.title,
        "points": question.points,
        "max_points": question.max_points,
        "waits": question.waits,
        "calls_what_lost_points": question.causes,
        "comments": question.comments,
        "read_again": question.reading.section if question.lost else "",
        "links": [address for _, address in question.reading.links] if question.lost else [],
        "results": [_result_facts(result) for result in question.results],
    }


def _result_facts(result: CellResult) -> dict:
    kept = ("grade_id", "points", "max_points", "by_hand", "ending", "hint")
    rows = [vars(row) | {"passed": row.passed} for row in result.rows]
    return {name: getattr(result, name) for name in kept} | {"checks": rows}
