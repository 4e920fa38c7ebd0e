"""One notebook of one submission -> Execution: a sandboxed student process and a judge, watched from outside.

This process runs no code of anybody's. It hands student processes to the judge, collects outputs and
verdicts, and kills what does not end: neither side can stop that.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from grader.engine.attempts import Attempts, Request
from grader.engine.judge.client import Judges
from grader.records import USUAL, Execution, Limits, Place, Reach

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from grader.engine.sandbox.zygote import Zygote


def execute(
    zygote: Zygote,
    judges: Judges,
    name: str,
    nb: NotebookNode,
    limits: Limits,
    *,
    seed: int = 0,
    files: Mapping[str, bytes] = {},
    only: Collection[str] = (),
    short: Collection[str] = (),
    places: Mapping[str, Place] = {},
    reach: Reach | None = USUAL,
) -> Execution:
    """Run the student's (repaired) notebook `nb` against notebook `name` of the judges' key.

    `files` lay beside the submission; the instructor's files win over them. Of the test cells those with the
    grade_ids in `only` run, and no cell after the last of them; all when there are none. `short` are those of
    the others that lost points before. They run outside of the student's process, but for those of which
    `places`, or the key, says otherwise. They read `reach` besides what all may; None is for all there is,
    and the Execution tells what they used of it. Raises CourseError when the instructor's notebook cannot be
    read, SandboxError when this machine cannot confine a process.
    """
    files = beside(judges.key.files, files)
    places = {**judges.key.places.get(name, {}), **places}
    request = Request(name, nb, limits, seed, files, sorted(only), sorted(short), places, reach)
    return Attempts(zygote, judges, request).execution()


def beside(own: Mapping[str, bytes], theirs: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files beside the notebook: a student's never takes the place of an instructor's file or module."""
    taken = {_module(name) for name in own}
    kept = {name: data for name, data in theirs.items() if _module(name) not in taken}
    return {name: data for name, data in kept.items() if not name.endswith(".ipynb")} | dict(own)


def _module(name: str) -> str:
    first = name.split("/")[0]
    return first[:-3] if first.endswith(".py") else first
