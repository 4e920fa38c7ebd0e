"""The text of source notebooks as the grader reads it: nbgrader's own marks, whatever a course calls them."""

from __future__ import annotations

import copy
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ClearSolutions
from traitlets.config import Config

from grader.errors import CourseError

MARKS = (
    (ClearSolutions, "solution", "SOLUTION"),
    (ClearHiddenTests, "test", "HIDDEN TESTS"),
    (ClearMarkScheme, "mark_scheme", "MARK SCHEME"),
)


def with_usual_marks(nb: NotebookNode, config: Config) -> NotebookNode:
    """A copy in which the delimiters of the course's configuration are replaced by nbgrader's usual ones."""
    renamed = {own: usual for own, usual in _delimiters(config).items() if own and own != usual}
    nb = copy.deepcopy(nb)
    for cell in nb.cells if renamed else ():
        code = cell.cell_type == "code"
        cell.source = "\n".join(_renamed(line, renamed, code) for line in cell.source.split("\n"))
    return nb


def _delimiters(config: Config) -> dict[str, str]:
    """The course's own delimiter -> nbgrader's usual one."""
    found = {}
    for step, name, usual in MARKS:
        settings = step(config=config)
        for end in ("begin", "end"):
            found[getattr(settings, f"{end}_{name}_delimeter")] = f"{end.upper()} {usual}"
    return found


def _renamed(line: str, renamed: dict[str, str], code: bool) -> str:
    """A line of code is no mark, though a string in it may read like one."""
    if code and not line.lstrip().startswith(("#", "%")):
        return line
    own = next((own for own in sorted(renamed, key=len, reverse=True) if own in line), None)
    return line.replace(own, renamed[own], 1) if own else line


def with_autotests(nb: NotebookNode, config: Config, source: Path, root: Path) -> NotebookNode:
    """A copy with the lines `### AUTOTEST ...` turned into tests, as nbgrader does it for the release: by
    running the instructor's notebook. Raises CourseError where that fails."""
    if not _may_have_autotests(nb, config):
        return nb
    from nbgrader.preprocessors import InstantiateTests  # brings Jinja and Jupyter's client

    step = InstantiateTests(config=config)
    if not any(cell.cell_type == "code" and step.autotest_delimiter in cell.source for cell in nb.cells):
        return nb
    if not (source / step.autotest_filename).exists():
        step.autotest_filename = str(root / step.autotest_filename)
    try:
        return step.preprocess(copy.deepcopy(nb), {"metadata": {"path": str(source)}})[0]
    except Exception as error:  # of the instructor's code, of the templates, of the kernel
        problem = f"its AUTOTEST lines cannot be turned into tests ({type(error).__name__}: {error})"
        remedy = "see what `nbgrader generate_assignment` says"
        raise CourseError(problem, file=source, remedy=remedy) from error


def _may_have_autotests(nb: NotebookNode, config: Config) -> bool:
    """Whether nbgrader's word for them stands in a cell, or the course has another word."""
    own = any("autotest_delimiter" in settings for settings in config.values())
    return own or any("AUTOTEST" in cell.source for cell in nb.cells)
