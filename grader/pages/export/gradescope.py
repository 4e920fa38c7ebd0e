"""Gradescope: the results.json of one submission, and a zip with which Gradescope grades by this engine."""

from __future__ import annotations

import json
import shlex
import zipfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from grader.atomic import write_atomic
from grader.books.gradebook import read_ledger
from grader.books.run_files import read_run
from grader.books.runs import Run
from grader.course.directory import CONFIG, Course, open_course
from grader.course.key import load_key
from grader.errors import CourseError
from grader.pages.account import Account, accounts
from grader.pages.plain_feedback import as_markdown
from grader.pages.questions import Question
from grader.points import total

ROOT = Path(__file__).resolve().parents[3]
PROJECT = ("pyproject.toml", "requirements.txt", "README.md", "LICENSE")
PACKAGES = ("grader", "cs231nlib")
LEFT_OUT = {"__pycache__", ".ipynb_checkpoints"}
EXECUTABLE = 0o755 << 16


def results(course_dir: Path, student: str, assignment: str) -> dict | None:
    """What Gradescope shows of a graded submission; None while our machines owe it a grading.

    Nothing hidden is in it. What a human grades is left out of the sum, and said.
    """
    course, run = open_course(course_dir), read_run(course_dir, student, assignment)
    if run is None or run.is_open:
        return None
    autograded = course.folder("autograded", student, assignment)
    about = list(accounts(load_key(course, assignment), run, autograded, read_ledger(course, assignment)))
    tests = [
        _test(account, question, number)
        for account in about
        for number, question in enumerate(account.questions, 1)
    ]
    return {
        "score": total(test["score"] for test in tests),
        "output": _overview(run, about),
        "output_format": "md",
        "visibility": "visible",
        "tests": tests,
    }


def _test(account: Account, question: Question, number: int) -> dict:
    return {
        "name": question.title,
        "number": f"{account.notebook}.{number}",
        "score": question.points,
        "max_score": question.max_points,
        "output": _words(question),
        "output_format": "text",
        "visibility": "visible",
    }


def _words(question: Question) -> str:
    lines = []
    for result in question.results:
        lines += [
            f"{'✓' if row.passed else '✗'} {row.label} {row.id}\n{row.message}".strip() for row in result.rows
        ]
        lines += [text for text in (result.ending, result.hint) if text]
        lines += ["This answer waits for a reader."] if result.points is None else []
    return "\n".join(lines)


def _overview(run: Run, about: list[Account]) -> str:
    """What is no question's: notes, repairs, notebooks that could not be read."""
    heads = [as_markdown(one).split("\n## ")[0] for one in about if one.problem or one.repairs]
    return "\n".join(heads or ["Graded."])


def write_results(path: Path, results: dict) -> None:
    """Write results.json."""
    write_atomic(path, json.dumps(results, indent=1))


def write_autograder(course: Course, assignment: str, path: Path) -> None:
    """A zip for Gradescope: setup.sh, run_autograder, this engine, and the assignment with its hidden tests.

    Raises CourseError for an assignment that cannot be graded, or where the engine's own source is not there.
    """
    load_key(course, assignment)
    if not (ROOT / "grader" / "pyproject.toml").is_file():
        remedy = "run it from a checkout of this project"
        raise CourseError("the source of the engine is not here", file=ROOT, remedy=remedy)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("setup.sh", "run_autograder"):
            script = files("grader.pages").joinpath("templates", f"gradescope_{name}").read_text()
            entry = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            entry.external_attr = EXECUTABLE
            archive.writestr(entry, script.replace("ASSIGNMENT", shlex.quote(assignment)))
        for place, file in [*_engine(), *_course(course, assignment)]:
            archive.write(file, place)


def _engine() -> Iterator[tuple[str, Path]]:
    yield from ((name, ROOT / name) for name in PROJECT if (ROOT / name).is_file())
    for package in PACKAGES:
        yield from _below(ROOT / package, package)


def _course(course: Course, assignment: str) -> Iterator[tuple[str, Path]]:
    if (course.root / CONFIG).is_file():
        yield f"course/{CONFIG}", course.root / CONFIG
    for step in ("source", "release"):
        yield from _below(course.folder(step, ".", assignment), f"course/{step}/{assignment}")
    yield from _below(course.chapters, "course/chapters")


def _below(folder: Path, place: str) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if path.is_file() and not LEFT_OUT & set(inner.parts):
            yield f"{place}/{inner.as_posix()}", path
