"""What a student process knows of the grader and of other submissions: nothing."""

import subprocess
from pathlib import Path

import pytest
from confined import LEVELS, inside, require

from grader.engine.judge.student_errors import StudentGone
from grader.engine.sandbox.zygote import Zygote

SECRET = b"a-secret-of-the-grader"


@pytest.fixture(scope="module", params=LEVELS)
def zygote(request):
    require(request.param)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADER_TEST", SECRET.decode())
        with Zygote(request.param) as warm:
            yield warm


def test_does_a_kill_of_everybody_reach_nobody_else(zygote):
    with subprocess.Popen(["sleep", "1000"]) as victim:
        with inside(zygote) as run:
            run("import os, signal\ntry: os.kill(-1, signal.SIGTERM)\nexcept OSError: pass")
        with inside(zygote) as run:
            assert run("print(1)") == "1\n"
        assert victim.poll() is None
        victim.kill()


def test_is_no_descriptor_left_open_but_the_socket(zygote):
    look = """
    import os, stat
    for fd in range(256):
        try: mode = os.fstat(fd).st_mode
        except OSError: continue
        print(fd, 'null' if stat.S_ISCHR(mode) else 'socket' if stat.S_ISSOCK(mode) else 'other')
    """
    with inside(zygote) as run:
        kinds = [line.split()[1] for line in run(look).splitlines()]
        assert sorted(kinds) == ["null", "null", "null", "socket"]


def test_does_forging_on_every_descriptor_leave_the_others_alone(zygote):
    forge = """
    import json, os
    for fd in range(3, 256):
        try: os.write(fd, json.dumps({'ready': True, 'exit_code': 0}).encode() + b'\\n')
        except OSError: pass
    """
    with inside(zygote) as honest, inside(zygote) as forger:
        with pytest.raises(StudentGone):
            forger(forge)
        assert honest("print('fine')") == "fine\n"
    with inside(zygote) as run:
        assert run("print(2)") == "2\n"


def test_does_the_environment_hold_nothing_of_ours(zygote):
    with inside(zygote) as run:
        names = set(run("import os; print(*os.environ)").split())
        assert names <= {
            "PATH", "HOME", "USER", "LANG", "NBGRADER_EXECUTION", "MPLBACKEND", "TMPDIR",
            "PYTHONDONTWRITEBYTECODE", "PYTHONPATH",
            "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "LD_LIBRARY_PATH",
        }  # fmt: skip
    initial = Path(f"/proc/{zygote.pid}/environ").read_bytes()  # what every child's memory still holds
    assert b"MPLBACKEND" in initial and SECRET not in initial


def test_does_a_submission_see_nothing_of_the_one_before(zygote):
    with inside(zygote, {"notes.txt": b"a-submission"}) as run:
        assert run("print(open('notes.txt').read())") == "a-submission\n"
        run("import numpy, tempfile; numpy.isclose = None; open(tempfile.gettempdir() + '/trace', 'w')")
    with inside(zygote) as run:
        assert run(
            "import os, tempfile; print(os.listdir(), 'trace' in os.listdir(tempfile.gettempdir()))"
        ) == ("[] False\n")
        assert run("import numpy; print(numpy.isclose(1, 1))") == "True\n"
        found = run("""
        import gc, re
        print(any(b'a-submis' + b'sion' in o for o in gc.get_objects() if isinstance(o, bytes)))
        """)
        assert found == "False\n"


def test_is_each_student_process_random_in_its_own_way(zygote):
    drawn = set()
    for _ in range(3):
        with inside(zygote) as run:
            drawn.add(run("import random, numpy; print(random.random(), numpy.random.rand())"))
    assert len(drawn) == 3
