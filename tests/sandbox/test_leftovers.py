"""What one submission leaves for the next, in every place that it can think of: nothing is there any more."""

import os
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import pytest
from confined import LEVELS, inside, require

from grader import workspace
from grader.answer_key import Surroundings
from grader.engine.sandbox import environment
from grader.engine.sandbox.zygote import Zygote

MARK = "left-by-the-one-before"
PLACES = """
import os, sys, tempfile, pathlib, site, numpy, matplotlib
folders = {os.getcwd(), "/tmp", "/var/tmp", "/dev/shm", "/run", "/run/lock", tempfile.gettempdir(), "/"}
folders |= {os.path.expanduser("~"), matplotlib.get_configdir(), matplotlib.get_cachedir(), "/var/lock"}
folders |= {os.path.dirname(numpy.__file__), os.path.dirname(numpy.__file__) + "/__pycache__", sys.prefix}
folders |= {os.path.dirname(os.getcwd()), "/etc", "/home", "/root", "/proc/self/cwd/..", *sys.path}
folders |= {site.getusersitepackages(), os.path.expanduser("~/.ipython/profile_default/startup")}
folders |= {os.path.expanduser(p) for p in ("~/.config/matplotlib", "~/.cache/matplotlib", "~/.local")}
"""
PLANT = """
planted = []
for folder in sorted(folders - {""}):
    try:
        os.makedirs(folder, exist_ok=True)
        pathlib.Path(folder, MARK).write_text(MARK)
        planted.append(folder)
    except OSError:
        pass
print(len(planted) > 0)
"""
LOOK = """
found = []
for top in sorted(folders - {"", "/"}):
    for folder, below, files in os.walk(top):
        found += [os.path.join(folder, name) for name in files if MARK in name]
        if folder.count("/") > 6: below.clear()
print(found)
"""
OTHER_WAYS = {  # to leave it, to find it
    "shared memory": (
        "import mmap\nfd = os.open('/dev/shm/' + MARK, os.O_CREAT | os.O_RDWR)\nos.write(fd, b'x')",
        "print(os.path.exists('/dev/shm/' + MARK))",
    ),
    "System V shared memory": (
        "import ctypes\nprint(ctypes.CDLL(None).shmget(0x5EED, 4096, 0o1666))",
        "import ctypes\nprint(ctypes.CDLL(None).shmget(0x5EED, 4096, 0o666) >= 0)",
    ),
    "a message queue": (
        "import ctypes\nprint(ctypes.CDLL(None).msgget(0x5EED, 0o1666))",
        "import ctypes\nprint(ctypes.CDLL(None).msgget(0x5EED, 0o666) >= 0)",
    ),
    "an abstract socket": (
        "import socket\ns = socket.socket(socket.AF_UNIX); s.bind(chr(0) + MARK); s.listen()",
        "import socket\nt = socket.socket(socket.AF_UNIX); print(t.connect_ex(chr(0) + MARK) == 0)",
    ),
    "a lock on a file of the system's": (
        "import fcntl, numpy\nf = open(numpy.__file__); fcntl.flock(f, fcntl.LOCK_EX)",
        "import fcntl, numpy\nf = open(numpy.__file__)\n"
        "try: fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB); print(False)\nexcept OSError: print(True)",
    ),
    "the environment": ("os.environ[MARK] = 'x'", "print(MARK in os.environ)"),
    "a changed module": (
        "import numpy as np, matplotlib, math, builtins\n"
        "np.LEFT = math.LEFT = builtins.LEFT = matplotlib.rcParams['figure.dpi'] = 7",
        "import numpy as np, matplotlib, math, builtins\n"
        "left = any(hasattr(m, 'LEFT') for m in (np, math, builtins))\n"
        "print(left or matplotlib.rcParams['figure.dpi'] == 7)",
    ),
    "a daemon": (
        "if os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        "        import time; open('/tmp/' + MARK, 'w'); time.sleep(60)\n    os._exit(0)",
        "print(any(MARK in p for p in os.listdir('/tmp')) if os.access('/tmp', os.R_OK) else False)",
    ),
}


@pytest.fixture(scope="module", params=LEVELS)
def zygote(request):
    require(request.param)
    with Zygote(request.param) as warm:
        yield warm


def code(*parts):
    return f"MARK = {MARK!r}\n" + "\n".join(map(textwrap.dedent, parts))


def test_no_file_is_left_for_the_next(zygote):
    with inside(zygote) as run:
        assert run(code(PLACES, PLANT)) == "True\n"
        assert run(code(PLACES, LOOK)) != "[]\n"  # it sees its own
        with inside(zygote) as other:  # who runs at the same time sees none of it, either
            assert other(code(PLACES, LOOK)) == "[]\n"
    with inside(zygote) as run:
        assert run(code(PLACES, LOOK)) == "[]\n"


def test_nothing_else_is_left_for_the_next(zygote):
    with inside(zygote) as run:
        for leave, _ in OTHER_WAYS.values():
            run(code("import os", leave))
    with inside(zygote) as run:
        found = {name: run(code("import os", find)) for name, (_, find) in OTHER_WAYS.items()}
    assert {name: text for name, text in found.items() if "True" in text} == {}


def test_the_ways_to_find_what_is_left_do_find_it(tmp_path):
    """Outside of the sandbox the next program does find what is left, as far as this machine lets it."""
    both = [
        f"if {name!r}:\n" + textwrap.indent(f"{leave}\n{find}", "    ")
        for name, (leave, find) in OTHER_WAYS.items()
        if name not in ("a lock on a file of the system's", "a daemon")
    ]
    done = subprocess.run(
        [sys.executable, "-c", code("import os", *both)], capture_output=True, text=True, cwd=tmp_path,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )  # fmt: skip
    subprocess.run(["ipcrm", "-M", "0x5EED", "-Q", "0x5EED"], capture_output=True)
    Path("/dev/shm", MARK).unlink(missing_ok=True)
    assert done.stdout.count("True") == len(both), done.stdout + done.stderr


def test_what_a_course_with_its_own_python_runs_from_is_not_swept_away(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    environment._engine_alone.cache_clear()  # of a test before
    folder = environment.environment(Surroundings(python=sys.executable))["PYTHONPATH"]
    os.utime(folder, (0, 0))  # of a grading that began long ago, while another begins
    workspace.sweep()
    assert os.path.exists(f"{folder}/grader/__init__.py")
    environment._engine_alone.cache_clear()
