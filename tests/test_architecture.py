"""Which module may import what: one doorway for each library, and nothing secret near student code."""

import ast
from functools import cache
from pathlib import Path

import pytest
from conftest import ROOT

MODULES = {path.stem: path for path in sorted((ROOT / "grader").glob("*.py"))}
LIBRARY = sorted((ROOT / "cs231nlib").rglob("*.py"))
STUDENTS_SIDE = ("fork_server", "student")
SECRET = {
    "key",
    "chapter",
    "course",
    "judge",
    "judge_server",
    "plan",
    "testcell",
    "mistakes",
    "lending",
    "gradebook",
    "proof",
}
DOORWAYS = {
    "click": {"commands", "author_commands", "class_commands", "learner_commands"},
    "rich": {"terminal", "check", "report"},
    "jupytext": {"chapter"},
    "sqlalchemy": {"database", "gradebook", "grading", "structure", "submission_rows"},
}


def imports(path: Path) -> set[str]:
    """Dotted names of the modules that a file imports, the package's own as `grader.NAME`."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level:
            names = [node.module] if node.module else [alias.name for alias in node.names]
            found |= {f"{path.parent.name}.{name}" for name in names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


@cache
def reached(module: str) -> frozenset[str]:
    """The grader's modules that importing `module` may bring along."""
    own = {name.split(".")[1] for name in imports(MODULES[module]) if name.startswith("grader.")}
    own &= MODULES.keys()
    return frozenset({module}.union(*map(reached, own - {module})))


def test_the_two_packages_do_not_import_each_other():
    assert [p for p in MODULES.values() if any(n.startswith("cs231nlib") for n in imports(p))] == []
    assert [p for p in LIBRARY if any(n.startswith("grader") for n in imports(p))] == []


@pytest.mark.parametrize("module", STUDENTS_SIDE)
def test_no_secret_is_near_student_code(module):
    assert reached(module) & SECRET == set()
    assert not any("nbgrader" in imports(MODULES[name]) for name in reached(module))


def test_the_judges_side_is_told_apart():
    """The near miss: what the judge reaches does hold secrets."""
    assert reached("judge_server") & SECRET > {"judge", "judge_server"}


@pytest.mark.parametrize("library", DOORWAYS)
def test_each_library_has_its_doorway(library):
    users = {m for m, p in MODULES.items() if any(n.split(".")[0] == library for n in imports(p))}
    assert users <= DOORWAYS[library]


def test_only_the_command_line_prints():
    for name, path in MODULES.items():
        calls = (node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
        printed = any(isinstance(func, ast.Name) and func.id == "print" for func in calls)
        assert not printed or name in ("class_commands", "sandbox"), name


def test_there_is_no_grab_bag():
    names = {path.stem for path in (*MODULES.values(), *LIBRARY)} - {"utils"}
    assert names & {"helpers", "helper", "common", "base", "misc", "constants", "util"} == set()
