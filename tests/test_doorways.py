"""One doorway for each library, for printing and for the course's name; no long function, no grab-bag."""

import ast
import re

import pytest
from modules import LIBRARY, MODULES, imports
from repository import ROOT

PRINTERS = {"cli/grading", "engine/sandbox/levels"}
COMMANDS = ("authors", "grading", "returns", "review", "first_steps", "learners", "stations", "watching")
DOORWAYS = {
    "click": {"cli/commands", *(f"cli/{name}" for name in COMMANDS)},
    "rich": {"cli/terminal", "cli/summaries", "rehearsal/check", "pages/report"},
    "jupytext": {"course/myst"},
    "distributed": {"grading/cluster"},
    "msgspec": {"grading/reply"},
    "tornado": {"marking/server", "marking/page", "marking/handlers"},
    "jinja2": {"pages/jinja"},
    "latex2mathml": {"pages/formulas"},
    "mistune": {"pages/marked_text"},
    "sqlalchemy": {
        "books/database",
        "books/database_log",
        "books/gradebook",
        "books/cell_rows",
        "books/empty_rows",
        "books/assignment_rows",
        "books/submission_rows",
        "books/marks",
        "books/lateness",
        "books/late_days",
        "books/people",
        "books/by_hand",
    },
}


# These pack this project's two distributions together, or compare their versions.
PACKERS = {"course/publish", "pages/export/gradescope", "grading/environment"}


def course_words(text: str) -> list[str]:
    """The names by which a text knows the course of this repository."""
    return re.findall(r"mynet|cs231n\w*", text)


def test_the_engine_does_not_name_the_course():
    """What it must know of a course are settings: c.Grader.library, preload, last_cell, hints."""
    assert {name for name, path in MODULES.items() if course_words(path.read_text())} == PACKERS
    templates = [path for path in (ROOT / "grader" / "pages" / "templates").iterdir() if path.suffix != ".sh"]
    assert [path.name for path in templates if course_words(path.read_text())] == []
    assert course_words("from mynet import relu; import cs231nlib") == ["mynet", "cs231nlib"]


@pytest.mark.parametrize("library", DOORWAYS)
def test_each_library_has_its_doorway(library):
    users = {m for m, p in MODULES.items() if any(n.split(".")[0] == library for n in imports(p))}
    assert users <= DOORWAYS[library]


def test_imageio_has_its_doorway():
    assert [path.stem for path in LIBRARY if any(n.startswith("imageio") for n in imports(path))] == [
        "picture_files"
    ]


def test_only_the_command_line_prints():
    for name, path in MODULES.items():
        calls = (node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
        printed = any(isinstance(func, ast.Name) and func.id == "print" for func in calls)
        assert not printed or name in PRINTERS, name


MOST_LINES = 25


def long_functions(source: str) -> dict[str, int]:
    """Name -> lines of each function that has too many, from its `def` to its end, its docstring left out."""
    found = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            doc = node.body[0] if ast.get_docstring(node) is not None else None
            told = doc.end_lineno - doc.lineno + 1 if doc else 0
            found[node.name] = node.end_lineno - node.lineno + 1 - told
    return {name: lines for name, lines in found.items() if lines > MOST_LINES}


def test_no_function_is_long():
    ours = [
        path for part in ("grader", "cs231nlib", "benchmarks", "docs") for path in (ROOT / part).rglob("*.py")
    ]
    found = {path.relative_to(ROOT): long_functions(path.read_text()) for path in ours}
    assert {path: names for path, names in found.items() if names} == {}


def test_a_long_function_is_seen():
    """The near miss: one line too many, in a signature or below it; a docstring is none."""
    doc = '    """One\n\n    two\n    three."""\n'
    assert long_functions("def f(\n    x,\n):\n" + doc + "    x\n" * (MOST_LINES - 3)) == {}
    assert long_functions("def f(\n    x,\n):\n" + doc + "    x\n" * (MOST_LINES - 2)) == {"f": 26}


def test_there_is_no_grab_bag():
    names = {path.stem for path in (*MODULES.values(), *LIBRARY)} - {"utils"}
    assert names & {"helpers", "helper", "common", "base", "misc", "constants", "util"} == set()
