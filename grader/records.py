"""The records that travel between the steps of grading. Frozen, and nothing but the standard library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """How a submission, a notebook or a question ended."""

    COMPLETED = "completed"
    TIMED_OUT = "timed out"
    OUT_OF_MEMORY = "out of memory"
    DIED = "died"
    OUTPUT_LIMIT = "output limit"
    UNREADABLE = "unreadable"
    MISSING = "missing"  # a notebook of the assignment that was not handed in
    NOT_GRADED = "not graded"  # ours, never the student's: retried and listed, never zero


NO_RUN = (Status.NOT_GRADED, Status.UNREADABLE, Status.MISSING)  # nothing was run; worst first


class Place(StrEnum):
    """Where a test cell runs."""

    OUTSIDE = "outside"  # in the judge: the student's process decides nothing
    INSIDE = "inside"  # in the student's process, as nbgrader itself does
    STRICT = "inside, strictly"  # and what it writes to stderr costs its points, as in nbgrader


@dataclass(frozen=True)
class Limits:
    """What one submission may use; there is never a network."""

    cell_seconds: float = 20.0
    notebook_seconds: float = 120.0
    memory_mb: int = 1024
    processes: int = 32
    output_kb: int = 512
    disk_mb: int = 64


@dataclass(frozen=True)
class Reach:
    """What tests reach on this machine beyond what all may: files and folders that they read, the network."""

    paths: tuple[str, ...] = ()
    connects: bool = False


USUAL = Reach()


@dataclass(frozen=True)
class Submission:
    """What one student handed in for one assignment; paths in `files` are relative.

    `submitted_at` is in UTC without a zone; `notes` say what of it was left out or could not be read.
    """

    student: str
    assignment: str
    submitted_at: datetime | None
    files: Mapping[str, bytes] = field(repr=False)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Check:
    """One line of a test cell's `Grade`: what was checked, what it earned, what to tell the student.

    `label` and `message` of a hidden check are for the staff; its `nudge` is the student's. That of a visible
    one is asked where nothing is known of the mistake.
    """

    label: str
    points: float
    max_points: float
    message: str = ""
    hidden: bool = False
    nudge: str = ""

    @property
    def passed(self) -> bool:
        return self.points >= self.max_points


@dataclass(frozen=True)
class Verdict:
    """What the judge found in one test cell. `points` is None when there was nothing to score.

    `cause` and checks that are not hidden may be shown to the student; `detail` is for the staff: it names
    the line of the test, of a hidden one too.
    """

    grade_id: str
    status: Status
    points: float | None
    cause: str = ""
    hint: str = ""
    checks: tuple[Check, ...] = ()
    detail: str = ""
    where: Place = Place.OUTSIDE
    seconds: float = 0.0


@dataclass(frozen=True)
class Execution:
    """A notebook after its run: outputs in its cells, a verdict for each test cell that was reached."""

    notebook: Any = field(repr=False)
    status: Status
    seconds: float
    peak_mb: float
    detail: str = ""
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    sandbox: str = ""
    cpu: Mapping[str, float] = field(default_factory=dict)  # CPU seconds: "student", "engine"
    reach: Reach = USUAL  # what a trial that might read everything has used of that


@dataclass(frozen=True, slots=True)  # a class of thousands has many
class CellScore:
    """The score of one graded cell; an `auto_score` of None means not scored, never zero."""

    grade_id: str
    auto_score: float | None
    max_score: float
    needs_manual_grade: bool
    status: Status
    cause: str = ""
    hint: str = ""
    checks: tuple[Check, ...] = ()
    detail: str = ""  # for the staff: it may tell of hidden tests
    where: Place = Place.OUTSIDE
    seconds: float = 0.0  # that its test took


@dataclass(frozen=True)
class Repair:
    """One thing that was put right in a submission before it was run."""

    notebook: str
    grade_id: str
    what: str


@dataclass(frozen=True)
class GradedSubmission:
    """Everything that is known of one graded submission."""

    submission: Submission
    status: Status
    executions: Mapping[str, Execution] = field(repr=False)
    scores: Mapping[str, tuple[CellScore, ...]] = field(repr=False)
    repairs: tuple[Repair, ...] = ()
    fingerprint: str = ""
    detail: str = ""
    is_blank: bool = False  # every answer is as it was released
    answers: Mapping[str, str] = field(
        default_factory=dict, repr=False
    )  # notebook -> digest of what ran of it
    again: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # of notebooks run in part, which tests
    as_before: frozenset[tuple[str, str]] = frozenset()  # notebook, grade_id: a human's mark of it stands
