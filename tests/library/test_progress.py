"""mynet.py: what a student kept is there for the next chapter, newest version once."""

import subprocess
import sys

import pytest

from cs231nlib.progress import keep

FIRST = """
import linecache, sys
from cs231nlib.progress import keep
exec(compile(open("cell.py").read(), "cell.py", "exec"))
keep(double, Neuron)
keep(double)
"""
CELL = '''
def double(x):
    """Twice."""
    return 2 * x


class Neuron:
    def fire(self):
        return double(21)
'''


def run(code, folder):
    return subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True)


def test_functions_and_classes_are_kept_once(tmp_path):
    (tmp_path / ".released.json").write_text("{}")
    (first, second) = tmp_path / "03_a", tmp_path / "04_b"
    first.mkdir(), second.mkdir()
    (first / "cell.py").write_text(CELL)
    done = run(FIRST, first)
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "mynet.py").read_text()
    assert text.count("def double") == 1
    use = "import sys; sys.path.insert(0, '..')\nfrom mynet import Neuron\nprint(Neuron().fire())"
    assert run(use, second).stdout == "42\n"
    missing = run("import sys; sys.path.insert(0, '..')\nfrom mynet import softmax", second)
    assert "softmax is not in mynet.py yet" in missing.stderr


def not_written():
    raise NotImplementedError("not started")


def written():
    return 1


def test_what_is_done_is_kept_and_a_stub_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    text = keep(not_written, written).read_text()
    assert "def written" in text and "def not_written" not in text
    assert "not started yet, so not kept: not_written" in capsys.readouterr().out


def test_what_was_not_written_here_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match="not written in this notebook"):
        keep(len)
    assert not (tmp_path / "mynet.py").exists()
