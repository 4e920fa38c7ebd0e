"""The record of one graded submission: what happened, and what its marks hang on."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from grader.records import NO_RUN, CellScore, Execution, GradedSubmission, Repair, Status

GRADED, REPAIRED, PARTLY = "graded", "graded after repairs", "not graded in part"
BLANK = "blank"
TEXTS = ("grade_id", "cause", "hint", "detail")


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
    notebook besides, and of all the rest. handed_in: of the student's files alone, whenever they came."""

    rest: str = ""
    tests: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    handed_in: str = ""


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
        if self.status in NO_RUN:
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
        versions=shared_texts(versions),
        basis=basis,
        again=graded.again,
    )


def _run_of(execution: Execution, scores: Iterable[CellScore]) -> NotebookRun:
    e = execution
    return NotebookRun(e.status, e.detail, e.seconds, e.peak_mb, e.sandbox, e.cpu, _lean(scores))


def _lean(scores: Iterable[CellScore]) -> tuple[CellScore, ...]:
    return tuple(lean(score) for score in scores)


def lean(score: CellScore) -> CellScore:
    """The same, of parts that it shares with other submissions: the records of thousands fit into memory."""
    texts = {name: shared(getattr(score, name)) for name in TEXTS}
    return replace(score, **texts, checks=shared(tuple(map(shared, score.checks))))


@lru_cache(maxsize=4096)
def shared(value: Hashable) -> Any:
    """Itself, or its equal of another submission."""
    return value


def shared_texts(texts: Mapping[str, str]) -> Mapping[str, str]:
    """A dictionary of these names and texts, or its equal of another submission."""
    return _dict(tuple(texts.items()))


@lru_cache(maxsize=256)
def _dict(items: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    return dict(items)
