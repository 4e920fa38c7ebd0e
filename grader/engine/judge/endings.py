"""Several notebooks that begin alike, in one trial: the beginning runs once, each ending in a copy of it all.

Of a rehearsal's notebooks, which differ in one answer. An ending has a fork of the judge and a copy of the
student's process to itself, as they are after the beginning: nothing of it is met by the next one.
"""

from __future__ import annotations

import os
import time
from collections import Counter

from grader.engine.judge.trial import Trial
from grader.engine.judge.trusted_channel import StudentCell
from grader.machine import die_with


def run_endings(trial: Trial, endings: list[list[StudentCell]]) -> None:
    """Run the trial's cells, then each of these endings; after each send `ended` and whether all went well.

    Not where another part of the beginning would run than with most of them, or a student process is lost.
    """
    beginning = trial.cells
    sources = [trial.student.sources_of(beginning + ending) for ending in endings]
    parts = [_part(trial, beginning, own) for own in sources]
    common = Counter(parts).most_common(1)[0][0]
    trial.student.sources = sources[parts.index(common)]
    trial.begin()
    trial.run_cells(beginning)
    for number, ending in enumerate(endings):
        trial.student.sources = sources[number]
        trial.worker.send("ended", number, parts[number] == common and _run_in_copy(trial, ending))


def _part(trial: Trial, cells: list[StudentCell], sources: dict[int, str]) -> tuple:
    """What runs of these cells, and whether the library is lent."""
    return tuple(sources.get(cell.index) for cell in cells), trial.speaks_of_library(sources)


def _run_in_copy(trial: Trial, ending: list[StudentCell]) -> bool:
    """Run it in a fork of this process; whether it ended, with the student process that it was given."""
    began, checkpoints = time.monotonic(), trial.student.checkpoints
    checkpoints.copy()
    with checkpoints as copy:
        parent, child = os.getpid(), os.fork()
    if child == 0:
        die_with(parent)
        code = 1
        try:
            trial.run_cells(ending)
            code = int(checkpoints.link is not copy)
        finally:
            os._exit(code)
    fine = os.waitpid(child, 0)[1] == 0
    if fine:
        checkpoints.drop()
    else:
        checkpoints.give_up()
    trial.student.whole.grant(time.monotonic() - began)
    return fine
