"""`grader check`: every rehearsal of the chapters, in parallel, as one table."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import nbformat
from rich.table import Table

from grader.answer_key import AnswerKey
from grader.course.build import build, chapters
from grader.course.chapter import Chapter
from grader.course.directory import Course, open_course
from grader.course.key import load_key
from grader.course.noted_hints import made_from, read_hints
from grader.course.release import release
from grader.engine.judge.client import Judges
from grader.machine import default_jobs, die_with
from grader.records import Limits
from grader.rehearsal import proof
from grader.rehearsal.proof import Noted, Proof
from grader.rehearsal.rehearsals import Rehearsal, alike, rehearsals, stubs

FORK = get_context("fork")  # workers end with their parent, which must be us; Python 3.14 has another default
_worker: dict = {}  # what a worker process keeps: its zygote, and the judges of the chapter it is at


def check(
    course_dir: Path, assignment: str | None, jobs: int | None, on_progress: Callable[[int, int], None]
) -> list[Proof]:
    """Run every rehearsal of one or all chapters; the proofs come in the order of the text."""
    read = chapters(course_dir, assignment)
    build(course_dir, assignment)
    todo = [rehearsal for chapter in read for rehearsal in _rehearsals(course_dir, chapter)]
    course = open_course(course_dir)
    keys = {chapter.name: load_key(course, chapter.name) for chapter in read}
    proofs: list[Proof] = []
    jobs = jobs or default_jobs(course.limits.memory_mb)
    noted = {chapter.name: _noted(course, chapter) for chapter in read}
    given = (os.getpid(), read, keys, course.limits, noted)
    with ProcessPoolExecutor(jobs, FORK, _start, given) as pool:
        try:
            for proven in pool.map(_run, alike(todo)):
                proofs += proven
                on_progress(len(proofs), len(todo))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)  # somebody ends us: what waits is not run first
    places = {rehearsal.name: place for place, rehearsal in enumerate(todo)}
    proofs.sort(key=lambda proven: places[proven.rehearsal.name])
    return proofs + [stale for chapter in read for stale in _stale(course, chapter)]


def _noted(course: Course, chapter: Chapter) -> Noted:
    """The marks in the chapter's file of hints, if it was made from this text."""
    file = read_hints(course, chapter.name)
    facts = file["exercises"] if file.get("made_from") == made_from(chapter) else {}
    return {name: one["mistakes"] for name, one in facts.items()}


def _stale(course: Course, chapter: Chapter) -> list[Proof]:
    """A proof that failed, where the chapter's file of hints was made from another text."""
    file = read_hints(course, chapter.name)
    if not file or file["made_from"] == made_from(chapter):
        return []
    problem = f"the hints of {chapter.name} were made from another text; run `grader release {chapter.name}`"
    return [Proof(Rehearsal(chapter.name, "hints", "", 0, 0, {}), 0.0, 0.0, (problem,))]


def _rehearsals(course_dir: Path, chapter: Chapter) -> list[Rehearsal]:
    path = release(course_dir, chapter.name) / f"{chapter.name}.ipynb"
    return list(rehearsals(chapter, stubs(nbformat.read(path, as_version=4))))


def _start(
    parent: int, read: list[Chapter], keys: dict[str, AnswerKey], limits: Limits, noted: dict[str, Noted]
) -> None:
    from grader.engine.sandbox.zygote import Zygote

    die_with(parent)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # those of a whole group are for the parent
        signal.signal(number, signal.SIG_IGN)
    chapters = {chapter.name: chapter for chapter in read}
    _worker.update(chapters=chapters, keys=keys, limits=limits, noted=noted, zygote=Zygote(), judges=None)


def _run(these: list[Rehearsal]) -> list[Proof]:
    name = these[0].chapter
    chapter, judges = _worker["chapters"][name], _judges(_worker["keys"][name])
    return proof.run(these, chapter, judges, _worker["zygote"], _worker["limits"], _worker["noted"][name])


def _judges(key: AnswerKey) -> Judges:
    """The judges of this key, for which the zygote is made ready; those of the chapter before are ended."""
    if _worker["judges"] is None or _worker["judges"].key is not key:
        if _worker["judges"]:
            _worker["judges"].close()
        _worker["zygote"] = _worker["zygote"].among(key.surroundings)
        _worker["judges"] = Judges(key)
    return _worker["judges"]


def summarise(proofs: list[Proof], *, verbose: bool = False) -> Table:
    """Exercises x answers: one line for each answer that was tried (references are one line)."""
    table = Table("chapter", "exercise", "answer", "points", "as it should", box=None)
    shown = set()
    for proven in proofs:
        ran = proven.rehearsal
        line = (ran.chapter, ran.exercise or "all", f"{ran.kind} {ran.number or ''}".strip())
        if proven.problems or verbose or line not in shown:
            verdict = "[red]✗[/]" if proven.problems else "[green]✓[/]"
            table.add_row(*line, f"{proven.points:g}/{proven.max_points:g}", verdict)
        shown.add(line)
    return table
