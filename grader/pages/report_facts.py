"""The facts of the report on a graded assignment, as plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from statistics import mean, median

from grader.answer_key import AnswerKey
from grader.books.ledger import Ledger
from grader.books.run_files import ungraded
from grader.books.runs import GRADED, Run
from grader.engine.sandbox.levels import UNSAFE
from grader.grading.score import question_cells
from grader.pages.failures import Answer, groups, mistakes, no_answer
from grader.pages.items import item_facts, suspects
from grader.pages.questions import split_questions
from grader.records import NO_RUN, CellScore, Place, Status

BINS = 10  # of the histogram of scores
NOTHING = Ledger()


def report_facts(
    key: AnswerKey, runs: list[Run], ledger: Ledger = NOTHING, answer: Answer = no_answer
) -> dict:
    """All that the report says, as plain values; points are numbers, None where there is no score."""
    if not runs:
        raise ungraded(key.assignment)
    students, items = [_student(run, ledger) for run in runs], item_facts(runs, ledger)
    return {
        "assignment": key.assignment,
        "submissions": len(runs),
        "labels": dict(Counter(run.label for run in runs).most_common()),
        "unconfined": sum(n.sandbox == UNSAFE for run in runs for n in run.notebooks.values()),
        "unread": sum(student["unread"] for student in students),
        **_totals(key, students),
        "questions": _questions(key, students),
        "items": items,
        "suspects": suspects(items),
        "mistakes": mistakes(key, runs, answer),
        "groups": [asdict(group) for group in groups(runs, answer)],
        "seconds": median(run.seconds for run in runs),
        "changes": None,
        "endings": _endings(runs),
        "repairs": _repairs(runs),
        "notes": [{"student": run.student, "what": note} for run in runs for note in run.notes],
        "students": students,
    }


def _totals(key: AnswerKey, students: list[dict]) -> dict:
    points = [student["points"] for student in students if student["points"] is not None]
    of = sum(worth for nb in key.unsolved.values() for worth in question_cells(nb).values())
    return {
        "max_points": of,
        "mean": mean(points) if points else None,
        "median": median(points) if points else None,
        "histogram": _histogram(points, of),
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
        "seconds": score.seconds,
        "inside": score.where != Place.OUTSIDE,
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
    took = [c["seconds"] for c in cells if c["seconds"]]
    full, none = sum(share >= 1 for share in shares), sum(share <= 0 for share in shares)
    return {
        "mean_share": mean(shares) if shares else None,
        "full": full,
        "part": len(shares) - full - none,
        "none": none,
        "unscored": len(cells) - len(shares),
        "inside": any(c["inside"] for c in cells),
        "seconds": median(took) if took else None,
        "most_seconds": max(took, default=None),
    }


def _endings(runs: Iterable[Run]) -> list[dict]:
    """What was not graded as a whole, and questions that did not end by themselves: time-outs, crashes."""
    whole = [
        {"student": run.student, "question": "", "status": f"{run.label}: {run.detail}".removesuffix(": ")}
        for run in runs
        if run.status in NO_RUN
    ]
    return whole + [
        {"student": run.student, "question": score.grade_id, "status": str(score.status)}
        for run in runs
        for _, score in run.scores
        if run.status not in NO_RUN and score.status is not Status.COMPLETED
    ]


def _repairs(runs: Iterable[Run]) -> list[dict]:
    return [
        {"student": run.student, "question": repair.grade_id, "what": repair.what, "times": times}
        for run in runs
        for repair, times in Counter(run.repairs).items()
    ]
