"""The student's part on a system that is not Linux: made so here, by taking away what the others lack."""

import json
import os
import shutil
import subprocess
import sys

import nbformat
import pytest
from repository import ROOT

RIGHT = """
def derivative(f, x, h=1e-5, kind="central"):
    if kind == "central":
        return float((f(x + h) - f(x - h)) / (2 * h))
    return float((f(x + h) - f(x)) / h)
"""

LESS = """
import builtins, ctypes, os, signal

ABSENT = {"pwd", "grp", "resource", "fcntl", "termios"}
found = builtins.__import__

def find(name, globals=None, *rest, **more):
    ours = str((globals or {}).get("__name__", "")).partition(".")[0] in ("grader", "cs231nlib", "__main__")
    if ours and name in ABSENT:  # what we build on knows its systems
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    return found(name, globals, *rest, **more)

builtins.__import__ = find
for name in ("fork", "geteuid", "setpgid"):
    delattr(os, name)
for name in ("SIGHUP", "SIGALRM", "SIGKILL", "setitimer"):
    delattr(signal, name)
ctypes.CDLL = None
"""
# And what a browser lacks.
NOTHING_STARTS = """
import subprocess, threading

def cannot(*arguments, **options):
    raise RuntimeError("can't start new thread")

def does_not(*arguments, **options):
    raise OSError(138, "Not supported")

threading.Thread.start, subprocess.Popen = cannot, does_not
"""


@pytest.fixture(scope="module")
def less(tmp_path_factory):
    """The environment of a Python, and of those it starts, that finds nothing of what Linux alone has."""
    folder = tmp_path_factory.mktemp("less")
    (folder / "sitecustomize.py").write_text(LESS)
    return os.environ | {"PYTHONPATH": str(folder)}


def run(environment, folder, code, *arguments):
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=folder, env=environment, capture_output=True, text=True
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("missing", ["import resource", "from grader import apart"])
def test_what_linux_alone_has_is_not_there(less, tmp_path, missing):
    assert run(less, tmp_path, missing)[0] == 1


def test_the_checks_the_hints_and_the_map_need_no_linux(less, tmp_path):
    code = """
import numpy as np
from cs231nlib.grading import Grade, expect
from cs231nlib.gradient_check import confirm
from cs231nlib.progress import keep
from cs231nlib.tutor import hint, progress
grade = Grade(points=1)
with grade("values", 1):
    expect("f(x)", np.ones(2) * 3, np.arange(1.0, 3))
grade.total()
hint("derivative")
progress()
"""
    status, said = run(less, tmp_path, code)
    assert status == 0 and "✗ values" in said and "rise divided by run" in said and "of 80" in said, said


def test_in_a_browser_nothing_starts_and_the_checks_are_made(less, tmp_path):
    code = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_cell(
    "from cs231nlib.grading import Grade\\nfrom cs231nlib.progress import look_over\\n"
    "from cs231nlib.tutor import solution\\ngrade = Grade(points=2)\\n"
    "with grade('holds', 1):\\n    assert True\\nwith grade('does not hold', 1):\\n    assert False\\n"
    "grade.total()\\nsolution('derivative')\\nopen('x.ipynb', 'w').close()\\nlook_over('x.ipynb')"
).raise_error()
"""
    status, said = run(less, tmp_path, NOTHING_STARTS + code)
    assert status == 0 and "✓ holds" in said and "✗ does not hold" in said, said
    assert "The grader is not installed here" in said, said


TRY = "from grader.cli import main\nmain(['try', '01_gradients.ipynb', '--course-dir', *sys.argv[1:]])"


@pytest.fixture
def desk(tmp_path):
    shutil.copy(ROOT / "course" / "release" / "01_gradients" / "01_gradients.ipynb", tmp_path)
    return tmp_path


def test_the_look_before_handing_in_needs_no_linux(less, desk):
    status, said = run(less, desk, f"import sys\n{TRY}", str(ROOT / "course"), "--check-only")
    assert status == 0 and "Still empty are the answers derivative" in said, said


def test_a_try_needs_no_linux_and_says_that_nothing_confines_it(less, desk):
    answers = {
        "derivative": RIGHT,
        "grad_product": "def grad_product(x, y):\n    return x, y",
        "linear_estimate": "def linear_estimate(x, y, dx, dy):\n    return x * y + (y + dx) + x * dy",
        "relative_error": "import pathlib\npathlib.Path('seen').touch()\n(",
    }
    book = nbformat.read(desk / "01_gradients.ipynb", as_version=4)
    for cell in book.cells:
        cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    nbformat.write(book, desk / "01_gradients.ipynb")
    (desk / "numpy.py").write_text("raise SystemExit('the wrong one')")
    status, said = run(less | {"PYTHONSAFEPATH": "1"}, desk, f"import sys\n{TRY}", str(ROOT / "course"))
    assert status == 0 and "no sandbox: your notebook ran as your own code" in said, said
    assert "✓ derivative  10/10" in said and "· numerical_gradient" in said
    assert "✗ grad_product  0/4" in said and "changed places" in said and "hidden check" in said
    assert "a sum stands where a product belongs" in said and "relative_error is not defined" in said
    assert json.loads((desk / ".progress.json").read_text())["01_gradients"]["derivative"]["points"] == 10
