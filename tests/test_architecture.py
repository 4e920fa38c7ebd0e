"""Which room may import which, folder by folder; no secret near students."""

from pathlib import Path

import pytest
from modules import LIBRARY, MODULES, imports, modules, own_imports, reached

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
    "engine/judge": {*CELLS, "engine/wire", "engine/sandbox"},
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


def room(module: str) -> str:
    if module == "preprocessor":
        return module
    folder = module.rpartition("/")[0]
    return folder or ("cli" if module == "__main__" else "ground")


def trespasses(found: dict[str, Path]) -> list[str]:
    """Imports from a room into one that it may not see, as "module -> module"."""
    return [
        f"{module} -> {other}"
        for module, path in found.items()
        for other in own_imports(path)
        if room(other) != room(module) and room(other) not in ALLOWED[room(module)]
    ]


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
        "stumbles.py",
        "gradient_check.py",
    }


def test_what_students_import_of_the_engine_runs_anywhere():
    """Neither Linux nor nbgrader is needed by what the library takes from here."""
    wire = ("engine/wire/origin", "engine/wire/bytecodes", "engine/wire/grade_format")
    taken = ("learner/try_log", "notebook/evidence", "notebook/names", *wire)
    rooms = {*taken, "atomic", "notebook/bindings", "notebook/magics", "notebook/syntax"}
    assert set().union(*map(reached, taken)) == rooms
    near = set().union(*(imports(MODULES[name]) for name in rooms))
    assert not {name.split(".")[0] for name in near} & {"nbgrader", "IPython", "pwd", "resource", "fcntl"}
