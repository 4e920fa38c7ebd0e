"""Why a question has the mark it has, for the staff: from the record, hidden checks included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.books.gradebook import read_ledger
from grader.books.ledger import Ledger
from grader.books.run_files import read_run
from grader.books.runs import Run
from grader.course.directory import open_course
from grader.course.key import load_key
from grader.errors import CourseError, meant
from grader.pages.check_ids import CheckIds
from grader.pages.questions import split_questions
from grader.points import points_text
from grader.records import CellScore, Check, GradedSubmission, Status


@dataclass(frozen=True)
class GradedCell:
    """One graded cell of one submission, and the name of the check that was asked for, if one was."""

    run: Run
    notebook: str
    score: CellScore
    check_id: str = ""


def find(course_dir: Path, student: str, question: str, assignment: str = "") -> list[GradedCell]:
    """The graded cells of a student that `question` means: a grade_id, an exercise, or the id of a check.

    Raises CourseError where there is none.
    """
    runs = list(_runs(course_dir, student, assignment))
    found = [one for run in runs for one in _cells(run, question)]
    found = found or [one for run in runs for one in _tests_of(course_dir, run, question)]
    if not found:
        there = sorted({score.grade_id for run in runs for _, score in run.scores})
        remedy = meant(question, there, f"questions here: {', '.join(there)}")
        raise CourseError(f"{student} has no question or check {question!r}", remedy=remedy)
    return found


def _runs(course_dir: Path, student: str, assignment: str) -> Iterator[Run]:
    folder = Path(course_dir) / "runs"
    paths = sorted((folder / student).glob("*.json")) if student not in ("", ".", "..") else []
    runs = [read_run(course_dir, student, path.stem) for path in paths if assignment in ("", path.stem)]
    if not any(runs):
        otherwise = "name the student first, then the question; who was never graded has no record"
        remedy = meant(student, sorted(path.name for path in folder.glob("*")), otherwise)
        raise CourseError(f"no record of {student}", file=folder, remedy=remedy)
    yield from (run for run in runs if run)


def _cells(run: Run, question: str) -> Iterator[GradedCell]:
    for notebook, score in run.scores:
        ids = CheckIds(run.assignment, notebook)
        named = {ids.of(score.grade_id, label) for label in ("", *(check.label for check in score.checks))}
        if question in (score.grade_id, score.grade_id.removeprefix("test_")):
            yield GradedCell(run, notebook, score)
        elif question.upper() in named:
            yield GradedCell(run, notebook, score, question.upper())


def _tests_of(course_dir: Path, run: Run, answer: str) -> Iterator[GradedCell]:
    """The graded cells of the question that the cell `answer` belongs to."""
    for name, nb in load_key(open_course(course_dir), run.assignment).notebooks.items():
        asked = next((one.grade_ids for one in split_questions(nb) if answer in one.grade_ids), ())
        for score in run.notebooks[name].scores if name in run.notebooks else ():
            if score.grade_id in asked:
                yield GradedCell(run, name, score)


def explain(course_dir: Path, found: GradedCell) -> list[str]:
    """Lines for the staff; they tell of hidden tests."""
    run, score = found.run, found.score
    ledger = read_ledger(open_course(course_dir), run.assignment)
    points = ledger.points(run.student, found.notebook, score)
    none = "no score yet: it waits for a reader" if score.needs_manual_grade else "no score"
    earned = none if points is None else f"{points_text(points)} of {points_text(score.max_score)} points"
    lines = [f"{run.student}, {run.assignment}, {found.notebook}.ipynb, {score.grade_id}: {earned}"]
    lines += _by_hand(ledger, found)
    lines += [line for check in score.checks for line in _check(found, check)]
    if not score.checks and score.cause:
        own = CheckIds(run.assignment, found.notebook).of(score.grade_id, "")
        lines.append(f"  ✗ {own}  {score.cause}")
    lines += [f"  hint given: {score.hint}"] if score.hint else []
    lines += [f"  how it ended: {score.status}"] if score.status is not Status.COMPLETED else []
    lines += [f"  of the test, for you alone: {score.detail}"] if score.detail else []
    repairs = dict.fromkeys(one.what for one in run.repairs if one.notebook == found.notebook)
    lines += [f"  repaired: {what}" for what in repairs]
    lines += [f"  note: {note}" for note in run.notes]
    lines += [f"  late: {reason}" for reason in [ledger.reasons.get(run.student)] if reason]
    return lines + list(_circumstances(found))


def _by_hand(ledger: Ledger, found: GradedCell) -> list[str]:
    place = (found.run.student, found.notebook, found.score.grade_id)
    auto = "no score" if found.score.auto_score is None else points_text(found.score.auto_score)
    lines = (
        [f"  given by hand: {points_text(ledger.by_hand[place])}, by the test: {auto}"]
        if place in ledger.by_hand
        else []
    )
    return lines + ([f"  comment: {ledger.comments[place]}"] if place in ledger.comments else [])


def _check(found: GradedCell, check: Check) -> Iterator[str]:
    own = CheckIds(found.run.assignment, found.notebook).of(found.score.grade_id, check.label)
    asked = "  <- asked for" if own == found.check_id else ""
    kind = "hidden, " if check.hidden else ""
    worth = f"({kind}{points_text(check.points)} of {points_text(check.max_points)})"
    yield f"  {'✓' if check.passed else '✗'} {own}  {check.label} {worth}{asked}"
    if not check.passed:
        yield from (f"      {line}" for line in check.message.splitlines())
        if check.hidden:
            yield f"      the student reads: {check.nudge or 'that a hidden check did not pass'}"


def _circumstances(found: GradedCell) -> Iterator[str]:
    run, notebook = found.run, found.run.notebooks[found.notebook]
    yield f"  handed in: {run.submitted_at or 'at an unknown time'}; {run.label}; {notebook.seconds:.1f} s"
    with_what = ", ".join(f"{name} {version}" for name, version in run.versions.items()) or "not recorded"
    yield f"  ran: sandbox {notebook.sandbox or 'none'}, test {found.score.where}, seed {run.seed}"
    yield f"  with: {with_what}"


def compare(found: GradedCell, graded: GradedSubmission, *, unchanged: bool) -> list[str]:
    """What a replay says beside the record."""
    scores = graded.scores.get(found.notebook, ())
    again = next((s for s in scores if s.grade_id == found.score.grade_id), None)
    lines = [] if unchanged else ["  the submission, the tests or the limits have changed since"]
    if again and _essence(again) == _essence(found.score):
        return [*lines, "  replayed: the same points, the same words"]
    points = "no score" if again is None or again.auto_score is None else points_text(again.auto_score)
    lines.append(f"  replayed: it comes to {points} now")
    checks = again.checks if again else ()
    return lines + [line for check in checks for line in _check(found, check)]


def _essence(score: CellScore) -> tuple:
    return score.auto_score, score.cause, score.hint, score.checks, score.status
