"""What mynet.py holds before each chapter: the exercises' answers alone are run, none of the experiments.

    python docs/kept.py FOLDER

writes FOLDER/NN_name.py for each chapter; so the chapters themselves can be executed side by side.
"""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell

from cs231nlib.progress import begin
from grader.course.build import source_notebook
from grader.course.chapter import read_chapter
from grader.notebook.planner import make_plan

CHAPTERS = Path(__file__).resolve().parents[1] / "course" / "chapters"
LIBRARY = "mynet.py"


def main(folder: Path) -> None:
    """Answer everything, chapter by chapter, and put aside the library that each one finds."""
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(folder)
    shell = InteractiveShell.instance()
    library = begin(Path(LIBRARY))  # else `keep` goes up and may find somebody else's
    for path in sorted(CHAPTERS.glob("[0-9]*.md")):
        Path(f"{path.stem}.py").write_bytes(library.read_bytes())
        shell.reset()
        for source in needed(path):
            shell.run_cell(source).raise_error()


def needed(path: Path) -> Iterator[str]:
    """The sources of a chapter's answers and of what keeps them."""
    nb = source_notebook(read_chapter(path))
    yield from (step for step in make_plan(nb).reference if isinstance(step, str))
    for cell in nb.cells:
        if cell.cell_type == "code" and "import keep" in cell.source:
            tree = ast.parse(cell.source)
            tree.body = [line for line in tree.body if keeps(line)]
            yield ast.unparse(tree)


def keeps(line: ast.stmt) -> bool:
    """Whether a line of the last cell imports `keep`, calls it, or gathers what is kept."""
    if isinstance(line, ast.Assign):
        return isinstance(line.value, ast.Tuple) or ast.unparse(line.value).startswith("keep")
    return isinstance(line, ast.ImportFrom)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
