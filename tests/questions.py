"""A notebook of three questions and submissions to it, written as small files in tests/submissions/.

A file is cut by lines `# %% kind name points`, kind being plain, demo, solution or test. A submission holds
only the solution and demo cells it changes (and cells `# %% extra name`, put before the solution of that
name); the rest is the instructor's. Its first lines say what must come out: `# expect: relu=0 scale=2
...` and the like.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from nbformat import NotebookNode, v4

from grader.answer_key import AnswerKey
from grader.engine.execute import execute
from grader.engine.judge.client import Judges
from grader.engine.sandbox.zygote import Zygote
from grader.records import Limits

FOLDER = Path(__file__).parent / "submissions"
LIMITS = Limits(cell_seconds=3.0, notebook_seconds=30.0, memory_mb=400)
HEADER = re.compile(r"^# %% (\w+) (\w+)(?: (\d+))?$", re.MULTILINE)


def blocks(text: str) -> list[tuple[str, str, int, str]]:
    """(kind, name, points, source) of each cell of a file."""
    parts = HEADER.split(text)[1:]
    return [(k, n, int(p or 0), s.strip("\n")) for k, n, p, s in zip(*[iter(parts)] * 4, strict=True)]


def cell(kind: str, name: str, points: int, source: str) -> NotebookNode:
    grade, solution = kind == "test", kind == "solution"
    grade_id = f"test_{name}" if grade else name
    marks = {"grade": grade, "solution": solution, "locked": not solution, "task": False}
    marks |= {"grade_id": grade_id, "schema_version": 3} | ({"points": points} if grade else {})
    metadata = {"extra": {}, "demo": {"tags": ["demo"]}}.get(kind, {"nbgrader": marks})
    return v4.new_code_cell(source, metadata=metadata, id=f"{kind}-{name}")


def notebook(text: str) -> NotebookNode:
    return v4.new_notebook(cells=[cell(*block) for block in blocks(text)])


def answer_key(text: str, files: dict[str, bytes] | None = None, **more) -> AnswerKey:
    return AnswerKey("a1", {"nb": notebook(text)}, files or {}, digest=str(hash(text)), **more)


def submission(instructor: str, text: str) -> NotebookNode:
    """The instructor's notebook with the cells of a submission in the place of its own."""
    theirs = blocks(text)
    cells = []
    for kind, name, points, source in blocks(instructor):
        if kind == "solution":
            cells += [cell("extra", n, 0, s) for k, n, _p, s in theirs if (k, n) == ("extra", name)]
        if kind in ("solution", "demo"):
            source = next((s for k, n, _p, s in theirs if (k, n) == (kind, name)), source)
        cells.append(cell(kind, name, points, source))
    cells += [cell("extra", n, 0, s) for k, n, _p, s in theirs if (k, n) == ("extra", "end")]
    return v4.new_notebook(cells=cells)


def verdicts_of(setup: str, answers: Sequence[str], tests: Sequence[str], limits: Limits) -> dict:
    """answer -> the verdict of each test, in order; the first answer is the instructor's own."""
    asked = [cell("test", f"c{n}", 1, source.strip()) for n, source in enumerate(tests)]
    books = [
        v4.new_notebook(
            cells=[cell("plain", "setup", 0, setup), cell("solution", "answers", 0, answer), *asked]
        )
        for answer in answers
    ]
    with Judges(AnswerKey("a", {"nb": books[0]}, {}, "claims")) as judges, Zygote() as zygote:
        runs = [execute(zygote, judges, "nb", book, limits, seed=7) for book in books]
    found = [[run.verdicts[f"test_c{n}"] for n in range(len(tests))] for run in runs]
    return dict(zip(answers, found, strict=True))


def expectations(text: str) -> dict[str, str]:
    """What the first lines of a submission say: {"expect": ..., "status": ..., "cause": ...}."""
    return dict(re.findall(r"^# (expect|status|cause|shows|never): (.*)$", text, re.MULTILINE))
