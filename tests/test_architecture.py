"""Which room may import which, folder by folder; one doorway for each library; no secret near students."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from repository import ROOT

LIBRARY = sorted((ROOT / "cs231nlib").rglob("*.py"))
GROUND = {
    "records", "errors", "atomic", "plainfiles", "sanitize", "shared_data", "preprocessor", "__main__",
    "answer_key", "machine", "points", "workspace", "bounds", "apart", "child_process", "reader",
    "spreadsheet",
}  # fmt: skip
CELLS = {"ground", "notebook"}
ENGINE = {"engine", "engine/wire", "engine/sandbox", "engine/judge"}
GRADING = {*CELLS, *ENGINE, "course", "intake", "repair", "grading", "books"}
ALLOWED = {  # room -> the rooms that its modules may import from, beside their own
    "ground": set(),
    "notebook": {"ground"},
    "course": CELLS,
    "repair": CELLS,
    "books": CELLS,
    "intake": {*CELLS, "course", "repair"},
    "engine/wire": set(),
    "engine/student": {"engine/wire"},
    "engine/sandbox": {"ground", "engine/wire"},
    "engine/judge": {*CELLS, "engine/wire"},
    "engine": {*CELLS, *ENGINE},
    "grading": GRADING,
    "similarity": GRADING,
    "pages": {*GRADING, "similarity"},
    "pages/export": {*GRADING, "pages"},
    "marking": {*GRADING, "pages"},
    "rehearsal": GRADING,
    "learner": GRADING,
    "preprocessor": GRADING,  # of the ground floor by name alone: nbgrader finds it there
    "cli": {*GRADING, "pages", "pages/export", "marking", "rehearsal", "learner"},
}
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


def modules(root: Path) -> dict[str, Path]:
    """Name of each module below a folder `grader`, as "room/module", -> its file."""
    paths = sorted(path for path in root.rglob("*.py"))
    return {path.relative_to(root).with_suffix("").as_posix(): path for path in paths}


MODULES = modules(ROOT / "grader")


def room(module: str) -> str:
    if module == "preprocessor":
        return module
    folder = module.rpartition("/")[0]
    return folder or ("cli" if module == "__main__" else "ground")


def running(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node but those that only a type checker looks at."""
    yield tree
    for child in ast.iter_child_nodes(tree):
        if not (isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"):
            yield from running(child)


def imports(path: Path) -> set[str]:
    """Dotted names of the modules, and of what is taken from them, that a file imports at any depth."""
    names = set()
    for node in running(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are absolute"
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def own_imports(path: Path) -> set[str]:
    """The grader's modules that a file imports, as "room/module"."""
    names = {name.replace(".", "/").removeprefix("grader/") for name in imports(path)}
    return names & MODULES.keys()


def trespasses(found: dict[str, Path]) -> list[str]:
    """Imports from a room into one that it may not see, as "module -> module"."""
    return [
        f"{module} -> {other}"
        for module, path in found.items()
        for other in own_imports(path)
        if room(other) != room(module) and room(other) not in ALLOWED[room(module)]
    ]


@cache
def reached(module: str) -> frozenset[str]:
    """The grader's modules that importing `module` may bring along."""
    own = own_imports(MODULES[module]) - {module}
    return frozenset({module}.union(*map(reached, own)))


def test_every_room_imports_only_from_the_rooms_it_may_see():
    assert trespasses(MODULES) == []


@pytest.mark.parametrize(
    "module, line",
    [
        ("engine/student/spy", "from grader.engine.judge import trial"),
        ("engine/sandbox/spy", "def late():\n    from grader.course.key import load_key"),
        ("books/spy", "import grader.grading.assignment"),
        ("grading/spy", "from grader.cli.terminal import say"),
    ],
)
def test_a_trespass_is_seen(tmp_path, module, line):
    """The near misses."""
    spy = tmp_path / f"{module}.py"
    spy.parent.mkdir(parents=True)
    spy.write_text(line + "\n")
    assert len(trespasses(modules(tmp_path))) == 1


def test_there_are_no_rooms_beside_these_and_only_the_ground_floor_lies_outside():
    assert {room(module) for module in MODULES if not module.endswith("__init__")} == ALLOWED.keys()
    assert {module for module in MODULES if "/" not in module} == GROUND | {"__init__"}


@pytest.mark.parametrize("module", ["engine/student/main", "engine/sandbox/fork_server"])
def test_no_secret_is_near_student_code(module):
    seen = {room(name) for name in reached(module)}
    assert seen <= {"ground", "engine/wire", "engine/student", "engine/sandbox"}
    assert not any("nbgrader" in imports(MODULES[name]) for name in reached(module))


def test_the_judges_side_is_told_apart():
    """The near miss: what the judge reaches does hold secrets."""
    assert reached("engine/judge/process") > {"engine/judge/testcell", "notebook/plan"}


def test_no_module_imports_itself_in_a_circle():
    for module in MODULES:
        others = own_imports(MODULES[module]) - {module}
        assert module not in frozenset().union(*map(reached, others)), module


def test_the_engine_knows_nothing_of_the_library_and_the_library_little_of_it():
    assert [p for p in MODULES.values() if any(n.startswith("cs231nlib") for n in imports(p))] == []
    shared = {path.name for path in LIBRARY if any(n.split(".")[0] == "grader" for n in imports(path))}
    # They count tries, recognise mistakes, tell errors and hangs, open the notebooks: as the engine does.
    assert shared == {
        "expectations.py",
        "tutor.py",
        "check.py",
        "check_list.py",
        "grading.py",
        "patience.py",
        "command.py",
        "loops.py",
        "gradient_check.py",
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


def test_what_students_import_of_the_engine_runs_anywhere():
    """Neither Linux nor nbgrader is needed by what the library takes from here."""
    wire = ("engine/wire/origin", "engine/wire/bytecodes", "engine/wire/grade_format")
    taken = ("learner/try_log", "notebook/evidence", "notebook/names", *wire)
    rooms = {*taken, "atomic", "notebook/bindings", "notebook/magics", "notebook/syntax"}
    assert set().union(*map(reached, taken)) == rooms
    near = set().union(*(imports(MODULES[name]) for name in rooms))
    assert not {name.split(".")[0] for name in near} & {"nbgrader", "IPython", "pwd", "resource", "fcntl"}


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
