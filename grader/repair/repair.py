"""A damaged notebook -> a gradable one and a list of what was put right.

The result has the instructor's cells in the instructor's order, with the student's answers in place and
the student's own cells where they were. Only answers and own cells are the student's: ids, points,
tests, kernel and outputs come from the instructor's notebook, whatever the file says.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from nbformat import NotebookNode

from grader.notebook.syntax import parse
from grader.records import Repair
from grader.repair.answer_sheet import AnswerSheet
from grader.repair.answers import fill_sheet
from grader.repair.assembly import assemble
from grader.repair.assignment_cell import assignment_cells
from grader.repair.celltext import SHORT, lines
from grader.repair.claims import Matching
from grader.repair.matching import match
from grader.repair.order import in_order
from grader.repair.reading import read_notebook
from grader.repair.statements import ends_inside, starts_inside
from grader.repair.submitted_cell import SubmittedCell

OTHER_NOTEBOOK = "This notebook holds nothing of the assignment: was another file handed in?"


@dataclass(frozen=True)
class RepairedNotebook:
    """`notebook` is None when nothing could be read; then `reason` is a line for the student.

    `unanswered`: grade_ids of the answers that are missing or as they were released.
    """

    notebook: NotebookNode | None = field(repr=False)
    repairs: tuple[Repair, ...] = ()
    reason: str = ""
    unanswered: tuple[str, ...] = ()


def repair(
    data: bytes, source: NotebookNode, name: str, released: NotebookNode | None = None
) -> RepairedNotebook:
    """Repair the file `data` of the notebook called `name`; never raises for what a student can cause.

    `source` is the instructor's notebook, with or without its solutions; tests are taken whole from it.
    `released` is what students got of it, where that is known.
    """
    reading = read_notebook(data)
    if reading.reason:
        return RepairedNotebook(None, (Repair(name, "", reading.reason),), reading.reason)
    matching = match(_rejoined(reading.cells), assignment_cells(source, released))
    sheet = fill_sheet(matching)
    if not any(matching.claims) and not sheet.answers:
        return RepairedNotebook(None, (Repair(name, "", OTHER_NOTEBOOK),), OTHER_NOTEBOOK)
    repairs = [Repair(name, "", note) for note in reading.notes] + _repairs(matching, sheet, name)
    notebook = assemble(source, matching, sheet)
    return RepairedNotebook(notebook, tuple(repairs), "", _unanswered(matching, sheet))


def check_only(data: bytes, source: NotebookNode, name: str) -> list[str]:
    """What a student should know before handing in: a line for each repair and each empty answer."""
    repaired = repair(data, source, name)
    empty = [f"The answer {grade_id} is still empty." for grade_id in repaired.unanswered]
    return [done.what for done in repaired.repairs] + empty


def _rejoined(cells: tuple[SubmittedCell, ...]) -> list[SubmittedCell]:
    """Cells that were split in the middle of a block, joined again.

    A marked cell goes on in the last one with its id, a cell without a mark in the marked one just above it.
    """
    groups: list[list[SubmittedCell]] = []
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


def _goes_on(halves: list[SubmittedCell], cell: SubmittedCell) -> bool:
    code = cell.kind == halves[0].kind == "code"
    inside = code and starts_inside(cell.source) and ends_inside(halves[-1].source)
    return inside and _are_one("\n".join(half.source for half in halves), cell.source)


def _are_one(above: str, below: str) -> bool:
    """Whether an indented text goes on where one ends: not out of its line, and not after a `return`.

    A notebook runs an indented cell by itself, too.
    """
    last, first = lines(above)[-1], lines(below)[0]
    if f"{last} ".startswith(first.removesuffix(first.lstrip()) + "return "):
        return False
    text = f"{above}\n{below}"
    return len(text) > SHORT or bool(parse(text).body or not parse(above).body)


def _repairs(matching: Matching, sheet: AnswerSheet, name: str) -> list[Repair]:
    retyped = [
        (key, f"{target.called} had become a {matching.submitted[at].kind} cell; it was put back.")
        for key, target in enumerate(matching.targets)
        for at in matching.claims[key][-1:]
        if matching.submitted[at].kind != target.kind
    ]
    notes = sorted(sheet.notes + retyped + _lost_ids(matching) + _moved(matching), key=lambda entry: entry[0])
    return [Repair(name, matching.targets[key].grade_id, what) for key, what in notes]


def _lost_ids(matching: Matching) -> list[tuple[int, str]]:
    return [
        (key, f"{target.called} had lost its mark or had a wrong one; it was recognised and marked again.")
        for key, target in enumerate(matching.targets)
        if any(matching.submitted[at].grade_id != target.grade_id for at in matching.claims[key][:1])
    ]


def _moved(matching: Matching) -> list[tuple[int, str]]:
    first = {key: claims[0] for key, claims in enumerate(matching.claims) if len(claims) == 1}
    kept = in_order(list(first.values()))
    return [
        (key, f"{matching.targets[key].called} had been moved; it was put back in its place.")
        for key, at in first.items()
        if at not in kept
    ]


def _unanswered(matching: Matching, sheet: AnswerSheet) -> tuple[str, ...]:
    return tuple(
        target.grade_id
        for key, target in enumerate(matching.targets)
        if target.is_answer and (key not in sheet.answers or target.is_empty(sheet.answers[key].text))
    )
