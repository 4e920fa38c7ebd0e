"""A damaged notebook -> a gradable one and a list of what was put right.

The result has the instructor's cells in the instructor's order, with the student's answers in place and
the student's own cells where they were. Only answers and own cells are the student's: ids, points,
tests, kernel and outputs come from the instructor's notebook, whatever the file says.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from nbformat import NotebookNode

from grader.records import Repair
from grader.repair.answers import Settled, settle
from grader.repair.asked import ask
from grader.repair.assembly import assembled
from grader.repair.celltext import ends_inside, starts_inside
from grader.repair.found import Found
from grader.repair.matching import Matching, match
from grader.repair.order import in_order
from grader.repair.reading import read_notebook

OTHER_NOTEBOOK = "This notebook holds nothing of the assignment: was another file handed in?"


@dataclass(frozen=True)
class Repaired:
    """`notebook` is None when nothing could be read; then `reason` is a line for the student.

    `unanswered`: grade_ids of the answers that are missing or as they were released.
    """

    notebook: NotebookNode | None = field(repr=False)
    repairs: tuple[Repair, ...] = ()
    reason: str = ""
    unanswered: tuple[str, ...] = ()


def repair(data: bytes, source: NotebookNode, name: str, released: NotebookNode | None = None) -> Repaired:
    """Repair the file `data` of the notebook called `name`; never raises for what a student can cause.

    `source` is the instructor's notebook, with or without its solutions; tests are taken whole from it.
    `released` is what students got of it, where that is known.
    """
    reading = read_notebook(data)
    if reading.reason:
        return Repaired(None, (Repair(name, "", reading.reason),), reading.reason)
    matching = match(_rejoined(reading.cells), ask(source, released))
    settled = settle(matching)
    if not any(matching.claims) and not settled.answers:
        return Repaired(None, (Repair(name, "", OTHER_NOTEBOOK),), OTHER_NOTEBOOK)
    told = [Repair(name, "", note) for note in reading.notes] + _told(matching, settled, name)
    return Repaired(assembled(source, matching, settled), tuple(told), "", _unanswered(matching, settled))


def check_only(data: bytes, source: NotebookNode, name: str) -> list[str]:
    """What a student should know before handing in: a line for each repair and each empty answer."""
    repaired = repair(data, source, name)
    empty = [f"The answer {grade_id} is still empty." for grade_id in repaired.unanswered]
    return [done.what for done in repaired.repairs] + empty


def _rejoined(cells: tuple[Found, ...]) -> list[Found]:
    """Cells that were split in the middle of a block, joined again.

    A marked cell goes on in the last one with its id, a cell without a mark in the marked one just above it.
    """
    groups: list[list[Found]] = []
    last: dict[str, int] = {}
    for cell in cells:
        above = len(groups) - 1 if groups and groups[-1][0].grade_id else None
        first = last.get(cell.grade_id) if cell.grade_id else above
        if first is not None and _goes_on(groups[first], cell):
            groups[first].append(cell)
        else:
            last[cell.grade_id] = len(groups)
            groups.append([cell])
    return [replace(group[0], source="\n".join(cell.source for cell in group)) for group in groups]


def _goes_on(halves: list[Found], cell: Found) -> bool:
    code = cell.kind == halves[0].kind == "code"
    return code and starts_inside(cell.source) and ends_inside(halves[-1].source)


def _told(matching: Matching, settled: Settled, name: str) -> list[Repair]:
    retyped = [
        (key, f"{asked.called} had become a {matching.found[at].kind} cell; it was put back.")
        for key, asked in enumerate(matching.asked)
        for at in matching.claims[key][-1:]
        if matching.found[at].kind != asked.kind
    ]
    told = sorted(settled.told + retyped + _lost_ids(matching) + _moved(matching), key=lambda entry: entry[0])
    return [Repair(name, matching.asked[key].grade_id, what) for key, what in told]


def _lost_ids(matching: Matching) -> list[tuple[int, str]]:
    return [
        (key, f"{asked.called} had lost its mark or had a wrong one; it was recognised and marked again.")
        for key, asked in enumerate(matching.asked)
        if any(matching.found[at].grade_id != asked.grade_id for at in matching.claims[key][:1])
    ]


def _moved(matching: Matching) -> list[tuple[int, str]]:
    first = {key: claims[0] for key, claims in enumerate(matching.claims) if len(claims) == 1}
    kept = in_order(list(first.values()))
    return [
        (key, f"{matching.asked[key].called} had been moved; it was put back in its place.")
        for key, at in first.items()
        if at not in kept
    ]


def _unanswered(matching: Matching, settled: Settled) -> tuple[str, ...]:
    return tuple(
        asked.grade_id
        for key, asked in enumerate(matching.asked)
        if asked.is_answer and (key not in settled.answers or asked.is_empty(settled.answers[key].text))
    )
