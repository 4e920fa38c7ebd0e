"""The two distributions, built, and installed where nothing of the checkout is, as others get them."""

import json
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from repository import ROOT
from stock import nbgrader

from grader.course.directory import open_course
from grader.course.key import load_key

CHAPTERS = sorted(path.stem for path in (ROOT / "course" / "chapters").glob("*.md"))
TESTS = ("correct_squares", "squares_invalid_input", "correct_sum_of_squares", "sum_of_squares_uses_squares")
MARKERS = re.compile(r"^\s*### (BEGIN|END) .*\n?", re.MULTILINE)
SECRETS = ("BEGIN SOLUTION", "BEGIN HIDDEN", ":wrong:")


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    """distribution -> its wheel."""
    folder = tmp_path_factory.mktemp("wheels")
    make_wheels(tmp_path_factory.mktemp("source"), folder)
    return {path.name.split("-")[0]: path for path in folder.glob("*.whl")}


def make_wheels(source, folder):
    """Wheels of both distributions in `folder`, made in `source`: a build leaves things behind."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    )
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file() and not name.startswith(("tests/", "assets/", "docs/")):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "-w",
        folder,
        source / "grader",
        source,
    ]
    subprocess.run(command, check=True, timeout=300)


@pytest.fixture(scope="module")
def place(wheels, tmp_path_factory):
    """An environment with both wheels; what they depend on is lent by ours, our own packages are not."""
    folder = tmp_path_factory.mktemp("place")
    venv.create(folder / "env", with_pip=False)
    python = folder / "env" / "bin" / "python"
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder / "env")}))
    command = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "-q",
        "--no-deps",
        *wheels.values(),
    ]
    subprocess.run(command, check=True, timeout=300)
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")  # whose own .pth files are not read
    return folder


def run(place, *words, folder="."):
    """What a command of that environment prints; no traceback is ever among it."""
    program, *arguments = words
    command = [place / "env" / "bin" / program, *arguments]
    done = subprocess.run(command, cwd=place / folder, capture_output=True, text=True, timeout=300)
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout + done.stderr


def test_each_holds_its_own_and_no_secret(wheels):
    names = {}
    for distribution, path in wheels.items():
        with zipfile.ZipFile(path) as archive:
            names[distribution] = set(archive.namelist())
            notebooks = [
                archive.read(name).decode() for name in names[distribution] if name.endswith(".ipynb")
            ]
        assert not [secret for secret in SECRETS if secret in "".join(notebooks)]
    engine = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "grader").rglob("*.py")
        if "build" not in path.parts
    }
    assert {name for name in names["nbgrader_judge"] if name.endswith(".py")} == engine
    assert {f"cs231nlib/release/{name}/{name}.ipynb" for name in CHAPTERS} <= names["cs231n_course"]
    assert not any(name.startswith("grader/") for name in names["cs231n_course"])


def hand_in(course: Path) -> None:
    """The reference, its markers taken out, and the blank release."""
    key = load_key(open_course(course), "ps1")
    for student, notebooks in (("reference", key.notebooks), ("blank", key.unsolved)):
        folder = course / "submitted" / student / "ps1"
        folder.mkdir(parents=True)
        for name, nb in notebooks.items():
            nb = nbformat.from_dict(nb)
            for cell in nb.cells:
                cell.source = MARKERS.sub("", cell.source)
            (folder / f"{name}.ipynb").write_text(json.dumps(nb))


def test_nbgraders_own_example_course_is_graded_with_its_marks(place):
    nbgrader(place, "quickstart", "course101", python=str(place / "env" / "bin" / "python"))
    course = place / "course101"
    hand_in(course)
    code, told = run(place, "grader", "grade", "ps1", folder="course101")
    assert code == 0 and "1 blank, 1 graded" in told
    with Gradebook(f"sqlite:///{course}/gradebook.db", "course101") as book:
        assert marks(book, "reference") == {**dict.fromkeys(TESTS[:2], 1.0), **dict.fromkeys(TESTS[2:], 0.5)}
        assert marks(book, "blank") == dict.fromkeys(TESTS, 0.0)
    code, told = run(place, "grader", "explain", "blank", "squares", folder="course101")
    assert (
        code == 0 and "correct_squares" in told and "squares_invalid_input" in told and TESTS[2] not in told
    )
    code, told = run(place, "grader", "lab", "--no-browser", folder="course101")
    assert code == 2 and "no release" in told


def marks(book, student):
    """test -> its mark"""
    grades = [
        grade for notebook in book.find_submission("ps1", student).notebooks for grade in notebook.grades
    ]
    return {grade.name: grade.auto_score for grade in grades if grade.name in TESTS}


def test_the_course_opens_with_nothing_cloned(place):
    """All but JupyterLab itself, which tests/browser sees."""
    code = (
        "from cs231nlib.command import place_of; from grader.learner.workcopy import *; import pathlib; "
        "refresh(place_of('release'), pathlib.Path('work')); print(lab_command(place_of('lab_config'), "
        "pathlib.Path('work'), port=1, browser=False)[0]['JUPYTER_CONFIG_PATH'])"
    )
    told = run(place, "python", "-c", code)[1]
    assert (Path(told.strip()) / "labconfig" / "page_config.json").is_file() and str(place) in told
    assert sorted(path.stem for path in (place / "work").rglob("*.ipynb")) == CHAPTERS
    code = "from cs231nlib.progress import look_over; look_over('01_gradients.ipynb')"
    told = run(place, "python", "-c", code, folder="work/01_gradients")[1]
    assert "Still empty are the answers" in told and "upload 01_gradients.ipynb, as saved" in told
    assert "--work-dir" in run(place, "cs231n-course", "lab", "--help")[1]


IMPORTS = """
import ast, json, os, sys
from pathlib import Path
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance()
for file in sorted(Path(sys.argv[1]).glob("*/*.ipynb")):
    cells = [c for c in json.loads(file.read_text())["cells"] if c["cell_type"] == "code"]
    assert cells[0]["id"] == "set-up"
    os.mkdir(file.stem)
    os.chdir(file.stem)
    shell.run_cell("".join(cells[0]["source"])).raise_error()
    for cell in cells[1:]:
        if "go_on()" in "".join(cell["source"]):  # meant to fail
            continue
        tree = ast.parse("".join(cell["source"]))
        lines = [line for line in tree.body if isinstance(line, ast.Import | ast.ImportFrom)]
        shell.run_cell("\\n".join(map(ast.unparse, lines))).raise_error()
    sys.modules.pop("mynet", None)
    os.chdir("..")
    print("imported", file.stem)
"""


def test_any_notebook_alone_finds_all_that_it_imports(place, tmp_path):
    """From its set-up cell on, in an empty folder; `alone.py` runs them to their ends, as on Colab."""
    release = next((place / "env").rglob("cs231nlib/release"))
    told = run(place, "python", "-c", IMPORTS, release)[1]
    assert [line.split()[1] for line in told.splitlines() if line.startswith("imported")] == CHAPTERS, told


EVERY_COMMAND = """
import contextlib, io, sys
import click
from grader.cli import main

def words(command):
    for parameter in command.params:
        if isinstance(parameter, click.Argument) and parameter.required:
            yield "nothing"

for name, command in main.commands.items():
    told = io.StringIO()
    with contextlib.redirect_stderr(told), contextlib.redirect_stdout(told):
        try:
            main([name, *words(command)])
        except SystemExit as ended:
            code = ended.code
    print(name, code, len(told.getvalue().splitlines()))
"""


def test_no_command_in_an_empty_folder_ends_in_a_traceback(place, tmp_path):
    code, told = run(place, "python", "-c", EVERY_COMMAND, folder=tmp_path)
    answers = {name: ended for name, *ended in map(str.split, told.splitlines())}
    assert code == 0 and len(answers) >= 18, told
    assert answers.pop("doctor")[0] == "0"  # the others: one line, and 2
    assert {name: ended for name, ended in answers.items() if ended != ["2", "1"]} == {}
