"""What happened: one JSON file for each graded submission, runs/STUDENT/ASSIGNMENT.json."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from grader.atomic import write_atomic
from grader.records import CellScore, Check, Execution, GradedSubmission, Place, Repair, Status

GRADED, REPAIRED, PARTLY = "graded", "graded after repairs", "not graded in part"
BLANK = "blank"


@dataclass(frozen=True)
class NotebookRun:
    """How one notebook ran, and its scores."""

    status: Status
    detail: str
    seconds: float
    peak_mb: float
    sandbox: str
    cpu: Mapping[str, float]
    scores: tuple[CellScore, ...]


@dataclass(frozen=True)
class Basis:
    """What a run's marks hang on, as digests: of each test by notebook and grade_id, of what ran of each
    notebook besides, and of all the rest."""

    rest: str = ""
    tests: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Run:
    """The record of one submission. `cpu` of its notebooks and all times are seconds.

    again: notebook -> the tests that ran; empty where all of them did in all notebooks.
    """

    student: str
    assignment: str
    status: Status
    detail: str
    submitted_at: str | None
    seed: int
    fingerprint: str
    notes: tuple[str, ...]
    repairs: tuple[Repair, ...]
    notebooks: Mapping[str, NotebookRun] = field(repr=False)
    failures: int = 0  # gradings of it, one after the other, in which our machines failed it
    is_blank: bool = False
    versions: Mapping[str, str] = field(default_factory=dict, repr=False)
    basis: Basis = field(default=Basis(), repr=False)
    again: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The one word, or three, that tables show for this submission: the first thing to know of it."""
        if self.status in (Status.NOT_GRADED, Status.UNREADABLE, Status.MISSING):
            return str(self.status)
        if self.waiting:
            return PARTLY
        if self.status is not Status.COMPLETED:
            return str(self.status)
        if self.is_blank:
            return BLANK
        return REPAIRED if self.repairs else GRADED

    @property
    def waiting(self) -> str:
        """Why a question has no score through no fault of the student's; empty when none is open."""
        return next((score.cause for _, score in self.scores if score.status is Status.NOT_GRADED), "")

    @property
    def is_open(self) -> bool:
        """Whether our machines failed it, in whole or in part."""
        return self.status is Status.NOT_GRADED or bool(self.waiting)

    @property
    def scores(self) -> Iterator[tuple[str, CellScore]]:
        """(notebook, score) of every graded cell."""
        for name, notebook in self.notebooks.items():
            for score in notebook.scores:
                yield name, score

    @property
    def seconds(self) -> float:
        return sum(notebook.seconds for notebook in self.notebooks.values())


def run_of(
    graded: GradedSubmission,
    seed: int,
    failures: int = 0,
    versions: Mapping[str, str] = MappingProxyType({}),
    basis: Basis = Basis(),
) -> Run:
    """The record of `graded`."""
    notebooks = {name: _run_of(e, graded.scores[name]) for name, e in graded.executions.items()}
    submission, taken = graded.submission, graded.submission.submitted_at
    return Run(
        *(submission.student, submission.assignment, graded.status, graded.detail),
        submitted_at=taken.isoformat() if taken else None,
        seed=seed,
        fingerprint=graded.fingerprint,
        notes=submission.notes,
        repairs=graded.repairs,
        notebooks=notebooks,
        failures=failures,
        is_blank=graded.is_blank,
        versions=dict(versions),
        basis=basis,
        again=graded.again,
    )


def _run_of(execution: Execution, scores: Iterable[CellScore]) -> NotebookRun:
    e = execution
    return NotebookRun(e.status, e.detail, e.seconds, e.peak_mb, e.sandbox, e.cpu, _lean(scores))


def run_path(course_dir: Path, student: str, assignment: str) -> Path:
    return Path(course_dir) / "runs" / student / f"{assignment}.json"


def write_run(course_dir: Path, run: Run) -> None:
    """Keep `run`, in place of an earlier one of the same student and assignment."""
    text = json.dumps(run, default=vars)  # four times as fast as `asdict`
    write_atomic(run_path(course_dir, run.student, run.assignment), text)


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


def _run(data: dict) -> Run:
    repairs = tuple(Repair(**repair) for repair in data["repairs"])
    notebooks = {name: _notebook(notebook) for name, notebook in data["notebooks"].items()}
    known = {"status": Status(data["status"]), "notes": tuple(data["notes"]), "repairs": repairs}
    basis = Basis(**data.get("basis", {}))
    return Run(**data | known | {"notebooks": notebooks, "basis": basis})


def _notebook(data: dict) -> NotebookRun:
    scores = tuple(_score(score) for score in data["scores"])
    return NotebookRun(**data | {"status": Status(data["status"]), "scores": scores})


def _lean(scores: Iterable[CellScore]) -> tuple[CellScore, ...]:
    return tuple(replace(score, checks=tuple(map(_shared, score.checks))) for score in scores)


@lru_cache(maxsize=4096)
def _shared(check: Check) -> Check:
    """Itself, or its equal of another submission: the records of thousands fit into memory."""
    return check


def _score(data: dict) -> CellScore:
    checks = tuple(_shared(Check(**check)) for check in data["checks"])
    where = Place(data.get("where", Place.OUTSIDE))
    return CellScore(**data | {"status": Status(data["status"]), "checks": checks, "where": where})
