"""The notebooks as they ran, where formgrader and nbgrader's feedback look for them: autograded/."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from nbformat import NotebookNode, from_dict

from grader.answer_key import AnswerKey
from grader.apart import apart
from grader.atomic import write_atomic
from grader.bounds import BoundExceeded
from grader.notebook.cells import grade_id_of, hidden_lines
from grader.records import GradedSubmission
from grader.sanitize import clean_html, defused

CLEAN_SECONDS, CLEAN_MB = 5.0, 1000  # for the outputs and texts of one notebook
RICH = {"text/html": clean_html, "text/markdown": defused, "text/latex": defused}
PLAIN = ("text/plain", "image/png", "image/jpeg")
MASK = "# hidden tests stand here: see the source of the assignment"
TOO_LONG = "(not shown: it takes too long to make this harmless)"


def write_autograded(folder: Path, key: AnswerKey, graded: GradedSubmission) -> None:
    """Write the executed notebooks with nbgrader's checksums, and beside them the submission's files.

    The assignment's own files win over a student's file of the same name, as in nbgrader.
    """
    for name, execution in graded.executions.items():
        path = folder / f"{name}.ipynb"
        if execution.notebook is None:
            path.unlink(missing_ok=True)  # of an earlier version that could be read
        else:
            nb = _with_checksums(execution.notebook, key.unsolved[name])
            if name in graded.again:
                _show_again(nb, path, graded.again[name])
            defuse(nb, key, name)
            _make_room(folder, path)
            write_atomic(path, json.dumps(nb, ensure_ascii=False))  # indented it takes ten times as long
    for name, data in {**graded.submission.files, **key.files}.items():
        path = folder / PurePosixPath(name)
        if not _is_notebook(name) and _inside(name) and not _same(path, data):
            _make_room(folder, path)
            write_atomic(path, data)


def _show_again(nb: NotebookNode, path: Path, ran: Collection[str]) -> None:
    """Let what did not run again show what it showed in the notebook that lies there."""
    before = json.loads(path.read_bytes())["cells"]
    for cell, was in zip(nb.cells, before, strict=True):
        if cell.cell_type == "code":
            cell.execution_count = number = was["execution_count"]
            if grade_id_of(cell) not in ran:
                cell.outputs = [from_dict(output) for output in was["outputs"]]
            for output in cell.outputs:
                output |= {"execution_count": number} if "execution_count" in output else {}


def _make_room(folder: Path, path: Path) -> None:
    """Remove a folder that bears the name of a file, or a file that bears the name of its folder."""
    if path.is_dir():
        shutil.rmtree(path)
    for parent in path.parents:
        if parent == folder:
            return
        if parent.is_file():
            parent.unlink()


def _with_checksums(nb: NotebookNode, unsolved: NotebookNode) -> NotebookNode:
    marked = [cell.metadata.get("nbgrader", {}) for cell in unsolved.cells]
    checksums = {grading.get("grade_id"): grading.get("checksum") for grading in marked}
    for cell in nb.cells:
        grading = cell.metadata.get("nbgrader", {})
        if checksums.get(grading.get("grade_id")):
            grading["checksum"] = checksums[grading["grade_id"]]
    return nb


def defuse(nb: NotebookNode, key: AnswerKey, name: str) -> None:
    """Formgrader shows HTML as it stands, to somebody who may do anything on the server: leave none alive.

    Hidden tests go, too: `nbgrader generate_feedback` would give them to the students.
    """
    _mask_hidden(nb)
    ours = [*key.notebooks[name].cells, *key.unsolved[name].cells]
    given = {(cell.cell_type, cell.source) for cell in ours}
    own = [
        cell for cell in nb.cells if cell.cell_type != "code" and (cell.cell_type, cell.source) not in given
    ]
    outputs = [output for cell in nb.cells if cell.cell_type == "code" for output in cell.outputs]
    rich = [output.data for output in outputs if any(kind in output.get("data", {}) for kind in RICH)]
    if not own and not rich:
        return
    try:
        mended = apart(lambda: _mended(rich, own), CLEAN_SECONDS, CLEAN_MB)
    except BoundExceeded:
        mended = [_plain(data) for data in rich], [TOO_LONG for _ in own]
    for data, harmless in zip(rich, mended[0], strict=True):
        data.clear()
        data.update(harmless)
    for cell, source in zip(own, mended[1], strict=True):
        cell.source = source


def _mask_hidden(nb: NotebookNode) -> None:
    for cell in nb.cells:
        if hidden := set(hidden_lines(cell.source)):
            lines = enumerate(cell.source.split("\n"), 1)
            seen = [
                MASK if n in hidden and n - 1 not in hidden else line
                for n, line in lines
                if n not in hidden or n - 1 not in hidden
            ]
            cell.source = "\n".join(seen)


def _mended(rich: list[NotebookNode], own: list[NotebookNode]) -> tuple[list[dict], list[str]]:
    harmless = [
        {kind: RICH[kind]("".join(text)) if kind in RICH else text for kind, text in data.items()}
        for data in rich
    ]
    return harmless, [defused(cell.source) for cell in own]


def _plain(data: NotebookNode) -> dict:
    """Of an output that shows something rich, the text and the pictures alone."""
    return {kind: made for kind, made in data.items() if kind in PLAIN} or {"text/plain": TOO_LONG}


def _is_notebook(name: str) -> bool:
    """Also what lies in a folder that is called like a notebook."""
    return any(part.endswith(".ipynb") for part in PurePosixPath(name).parts)


def _inside(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return bool(parts) and not PurePosixPath(name).is_absolute() and ".." not in parts


def _same(path: Path, data: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data
