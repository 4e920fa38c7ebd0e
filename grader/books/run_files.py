"""The records on disk: one JSON file for each graded submission, runs/STUDENT/ASSIGNMENT.json."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from grader.atomic import write_atomic
from grader.books.runs import Basis, NotebookRun, Run, lean, shared_texts
from grader.errors import CourseError
from grader.records import CellScore, Check, Place, Repair, Status


def run_path(course_dir: Path, student: str, assignment: str) -> Path:
    return Path(course_dir) / "runs" / student / f"{assignment}.json"


def write_run(course_dir: Path, run: Run) -> None:
    """Keep `run`, in place of an earlier one of the same student and assignment."""
    text = json.dumps(run, default=_fields)  # four times as fast as `asdict`
    write_atomic(run_path(course_dir, run.student, run.assignment), text)


def _fields(record: Any) -> dict:
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def read_run(course_dir: Path, student: str, assignment: str) -> Run | None:
    """The record, or None where there is none that can be read."""
    try:
        data = json.loads(run_path(course_dir, student, assignment).read_bytes())
        return _run(data)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def read_runs(course_dir: Path, assignment: str) -> list[Run]:
    """All records of an assignment, by student."""
    students = sorted(path.name for path in (Path(course_dir) / "runs").glob("*") if path.is_dir())
    runs = (read_run(course_dir, student, assignment) for student in students)
    return [run for run in runs if run is not None]


def ungraded(assignment: str) -> CourseError:
    """What to raise where an assignment has no record yet."""
    return CourseError("no submission is graded", file=assignment, remedy="run `grader grade` first")


def _run(data: dict) -> Run:
    repairs = tuple(Repair(**repair) for repair in data["repairs"])
    notebooks = {name: _notebook(notebook) for name, notebook in data["notebooks"].items()}
    fields = {"status": Status(data["status"]), "notes": tuple(data["notes"]), "repairs": repairs}
    basis = Basis(**data.get("basis", {}))
    tests = {name: shared_texts(digests) for name, digests in basis.tests.items()}
    own = {"notebooks": notebooks, "basis": replace(basis, tests=tests)}
    return Run(**data | fields | own | {"versions": shared_texts(data.get("versions", {}))})


def _notebook(data: dict) -> NotebookRun:
    scores = tuple(_score(score) for score in data["scores"])
    return NotebookRun(**data | {"status": Status(data["status"]), "scores": scores})


def _score(data: dict) -> CellScore:
    checks = tuple(Check(**check) for check in data["checks"])
    where = Place(data.get("where", Place.OUTSIDE))
    return lean(CellScore(**data | {"status": Status(data["status"]), "checks": checks, "where": where}))
