"""The student's part on a system that is not Linux: made so here, by taking away what the others lack."""

import shutil
import subprocess
import sys

from conftest import ROOT

LESS = """
import ctypes, importlib.abc, os, signal, sys

class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name in ("pwd", "grp", "resource", "fcntl", "termios"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

for name in ("pwd", "grp", "resource", "fcntl", "termios"):
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Absent())
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


def run(folder, code, *arguments):
    done = subprocess.run(
        [sys.executable, "-c", LESS + code, *arguments], cwd=folder, capture_output=True, text=True
    )
    return done.returncode, done.stdout + done.stderr


def test_the_checks_the_hints_and_the_map_need_no_linux(tmp_path):
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
    status, said = run(tmp_path, code)
    assert status == 0 and "✗ values" in said and "rise divided by run" in said and "of 80" in said, said


def test_in_a_browser_nothing_starts_and_the_checks_are_made(tmp_path):
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
    status, said = run(tmp_path, NOTHING_STARTS + code)
    assert status == 0 and "✓ holds" in said and "✗ does not hold" in said, said
    assert "The grader is not installed here" in said, said


def test_the_look_before_handing_in_needs_no_linux_and_grading_says_that_it_does(tmp_path):
    book = ROOT / "course" / "release" / "01_gradients" / "01_gradients.ipynb"
    shutil.copy(book, tmp_path)
    code = "from grader.cli import main\nmain(['try', '01_gradients.ipynb', '--course-dir', *sys.argv[1:]])"
    status, said = run(tmp_path, code, str(ROOT / "course"), "--check-only")
    assert status == 0 and "Still empty are the answers derivative" in said, said
    code = code.replace(
        "main([",
        "import grader.cli.learners as cli, types\ncli.sys = types.SimpleNamespace(platform='win32')\nmain([",
    )
    status, said = run(tmp_path, code, str(ROOT / "course"))
    assert status == 2 and len(said.strip().splitlines()) == 1 and "hint()" in said, said
