"""What the judge knows of an assignment. Frozen, and nothing but the standard library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from grader.records import Place


@dataclass(frozen=True)
class Surroundings:
    """What students' code finds on the machine beside its files.

    python: the interpreter that runs it, the grader's own when empty. data: a folder of shared data, which
    nobody can write to. preload: modules that are imported once, before the first submission.
    """

    python: str = ""
    data: str = ""
    preload: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mistake:
    """A known-wrong answer: the source of its cell, what it must lose at least, the hint it deserves."""

    source: str
    loses: float
    hint: str


@dataclass(frozen=True)
class AnswerKey:
    """What the judge needs of an assignment: its source notebooks, its files, a digest of both.

    `notebooks` maps a notebook's name to its NotebookNode; `mistakes` maps a grade_id of a test cell to
    the known-wrong answers of that exercise (empty for courses without chapters). `unsolved` are the
    same notebooks as nbgrader's gradebook stores them: solutions cleared, checksums set, hidden tests in.
    `library` is (reference source, names kept) of each earlier chapter; None where nothing is ever lent.
    `library_name` is the module of all answers so far that later chapters import from; empty without one.
    `handed_in` are the files that the reference hands in beside its notebook, such as trained weights.
    `released` are the notebooks as students got them, which tells what a student has edited.
    `whole`: plain cells run whole in the student's process, for the course has no chapters that say better.
    `places`: notebook -> grade_id -> where the author wants a test to run. `foreign`: notebooks that are not
    graded since they want another kernel -> its language.
    """

    assignment: str
    notebooks: Mapping[str, Any] = field(repr=False)
    files: Mapping[str, bytes] = field(repr=False)
    digest: str
    mistakes: Mapping[str, tuple[Mistake, ...]] = field(default_factory=dict, repr=False)
    unsolved: Mapping[str, Any] = field(default_factory=dict, repr=False)
    library: tuple[tuple[str, tuple[str, ...]], ...] | None = field(default=None, repr=False)
    library_name: str = ""
    handed_in: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    released: Mapping[str, Any] = field(default_factory=dict, repr=False)
    surroundings: Surroundings = Surroundings()
    whole: bool = False
    places: Mapping[str, Mapping[str, Place]] = field(default_factory=dict)
    foreign: Mapping[str, str] = field(default_factory=dict)
