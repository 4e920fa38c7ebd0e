"""Notebooks that begin alike -> an Execution of each: what they begin with runs once for all of them.

For rehearsals, whose notebooks differ in one answer. Submissions are executed one by one.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from grader.engine.attempt import Attempt
from grader.engine.attempts import cells_to_run, cleared
from grader.engine.doubts import Doubts
from grader.engine.execute import beside, execute
from grader.engine.judge.cell_order import as_far_as
from grader.engine.judge.client import Judges
from grader.engine.judge.trusted_channel import StudentCell, TrustedChannel, ask_trial
from grader.engine.sandbox.student_process import Disturbance
from grader.records import Execution, Limits, Status, Verdict

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from grader.engine.sandbox.zygote import Zygote


def execute_alike(
    zygote: Zygote,
    judges: Judges,
    name: str,
    notebooks: Sequence[NotebookNode],
    limits: Limits,
    *,
    seed: int,
    files: Mapping[str, bytes],
    only: Collection[str],
) -> list[Execution]:
    """As `execute`, for each of the notebooks; those that ran with others come without outputs.

    By itself runs one that has no other beside it, and one with which something ended or hung a process.
    """
    found: dict[int, dict[str, Verdict]] = {}
    if len(notebooks) > 1:
        start = partial(zygote.start, beside(judges.key.files, files), limits)
        attempt = _AlikeAttempt(judges.of(name), cleared(notebooks[0]), limits, Doubts(), start)
        found = attempt.ended
        with contextlib.suppress(Disturbance), attempt:
            attempt.run(partial(_ask, judges, name, notebooks, limits, seed, only))
    alone = partial(execute, zygote, judges, name, limits=limits, seed=seed, files=files, only=only)
    return [
        Execution(notebook, Status.COMPLETED, 0.0, 0.0, "", found[number], zygote.level)
        if number in found
        else alone(notebook)
        for number, notebook in enumerate(notebooks)
    ]


def _ask(
    judges: Judges,
    name: str,
    notebooks: Sequence[NotebookNode],
    limits: Limits,
    seed: int,
    only: Collection[str],
    channel: TrustedChannel,
) -> None:
    reference, places = judges.key.notebooks[name], judges.key.places.get(name, {})
    cells = [as_far_as(only, list(cells_to_run(nb, reference))) for nb in notebooks]
    common = _common(cells)
    endings = [one[common:] for one in cells]
    ask_trial(channel, cells[0][:common], limits, seed, {}, sorted(only), [], places, endings=endings)


def _common(cells: Sequence[list[StudentCell]]) -> int:
    """With how many cells they all begin."""
    alike = [len(set(row)) == 1 for row in zip(*cells, strict=False)]
    return [*alike, False].index(False)


class _AlikeAttempt(Attempt):
    """`ended`: the verdicts of each ending with which all went well, by its number."""

    def __init__(self, *what: Any):
        super().__init__(*what)
        self.ended: dict[int, dict[str, Verdict]] = {}

    def _on_ended(self, number: int, fine: bool) -> None:
        verdicts, self.verdicts = self.verdicts, {}
        if fine and verdicts and all(one.status is Status.COMPLETED for one in verdicts.values()):
            self.ended[number] = verdicts
