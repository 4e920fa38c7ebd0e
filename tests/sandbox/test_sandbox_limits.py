"""What a submission may use, who kills it when it takes more, and that nothing of it is left."""

import signal
import socket
from dataclasses import asdict
from types import SimpleNamespace

import pytest
from confined import LEVELS, LIMITS, command_lines, inside, require

from grader.engine.judge.student_errors import StudentGone
from grader.engine.sandbox.process_use import ProcessUse
from grader.engine.sandbox.watchdog import RunningSubmission
from grader.engine.sandbox.zygote import Zygote
from grader.records import Limits


@pytest.fixture(scope="module", params=LEVELS)
def zygote(request):
    require(request.param)
    with Zygote(request.param) as warm:
        yield warm


def test_is_a_huge_allocation_refused(zygote):
    with inside(zygote) as run:
        assert "MemoryError" in run("import numpy as np; np.ones(1 << 30)")
        assert run("print(np.ones(1 << 20).sum())") == "1048576.0\n"  # the process goes on


def test_is_the_memory_of_all_processes_together_bounded(zygote):
    """Eight processes, none of which is over the limit by itself: the watchdog kills the largest."""
    hog = """
    import os, time
    for i in range(8):
        if os.fork() == 0:
            data = bytearray(os.urandom(1 << 20) * 100)
            time.sleep(30)
            os._exit(0)
    print(len([os.wait() for i in range(3)]))
    """
    with inside(zygote, limits=Limits(memory_mb=256, processes=16)) as run:
        assert run(hog) == "3\n"
        assert run.student.over_memory >= 3


def test_does_an_endless_need_for_memory_end_it_while_nobody_listens():
    """The warm process tells of each kill; it must never wait until somebody reads that."""
    killed = []
    processes = SimpleNamespace(
        number=lambda pid: 1, kill=killed.append, own_share_mb=lambda n: 900.0, delays=lambda p: {}
    )
    enclosure = SimpleNamespace(processes=processes, kill=killed.append, folder=lambda pid: "")

    def usage(number, resident_mb):
        return ProcessUse(number, 1, "S", 1, resident_mb, 0.0, False)

    enclosure.members = lambda pid: [usage(1, 10.0)] + [usage(2, 900.0)] * 30
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)  # a wait would be an error
    watched = RunningSubmission(enclosure, 77, theirs.fileno(), asdict(Limits(memory_mb=100)), 10.0, 1.0)
    for _ in range(1000):
        watched.check(0.0) if watched.why == "" else None
    assert watched.why == "memory" and killed[-1] == 77
    theirs.send(b"the ending")
    ours.close(), theirs.close()


def test_is_a_process_within_the_limit_left_alone(zygote):
    with inside(zygote, limits=Limits(memory_mb=256)) as run:
        assert run("import time; data = bytearray(b'x') * (200 << 20); time.sleep(0.2); print(1)") == "1\n"
        assert not run.student.over_memory


@pytest.mark.parametrize("size, copies, near", [("0.45 * allowed - base", 1, False), ("240", 0, True)])
def test_is_memory_that_two_processes_share_counted_once(zygote, size, copies, near):
    """Near the limit when counted for each of two processes; or really, in one."""
    share = f"""
    import os, resource, time
    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    allowed = base + 256
    data = bytearray(b"x") * (int({size}) << 20)
    children = [os.fork() for _ in range({copies})]
    time.sleep(0.5)
    if 0 in children:
        os._exit(0)
    """
    with inside(zygote, limits=Limits(memory_mb=256, processes=16)) as run:
        assert run(share) == ""
        assert run.student.use(0.0).near_memory is near


def test_is_a_large_file_refused(zygote):
    with inside(zygote) as run:
        assert "OSError" in run("open('big', 'wb').write(bytes(100 << 20))")
        assert "OSError" in run("open('big', 'wb').truncate(400 << 20)")


def test_are_many_files_together_bounded(zygote):
    fill = """
    import time
    for i in range(60):
        open(f'part{i}', 'wb').write(bytes(1 << 20))
        time.sleep(0.02)
    """
    with inside(zygote) as run:
        if zygote.level == "full":
            assert "No space left" in run(fill)
        else:
            with pytest.raises(StudentGone):
                run(fill)
            assert run.student.wait(5).why == "disk"


def test_are_hidden_files_bounded_too(zygote):
    """So deep that no path reaches them."""
    hide = """
    import os, time
    for i in range(30):
        os.mkdir('x' * 200)
        os.chdir('x' * 200)
    for i in range(60):
        open(f'part{i}', 'wb').write(bytes(1 << 20))
        time.sleep(0.02)
    """
    with inside(zygote) as run:
        if zygote.level == "full":
            assert "No space left" in run(hide)
        else:
            with pytest.raises(StudentGone):
                run(hide)
            assert run.student.wait(5).why == "disk"


def test_is_a_fork_bomb_stopped(zygote):
    bomb = """
    import os, time
    made = 0
    try:
        for i in range(5000):
            if os.fork() == 0:
                time.sleep(60)
                os._exit(0)
            made += 1
    except OSError:
        pass
    print(made)
    """
    with inside(zygote) as run:
        try:
            assert int(run(bomb)) < LIMITS.processes
        except StudentGone:
            assert run.student.wait(5).why == "processes"


def test_is_a_growing_fork_bomb_stopped_and_swept_away(zygote):
    with inside(zygote) as run:
        with pytest.raises(StudentGone):
            run("import os\nwhile True:\n    try: os.fork()\n    except OSError: os._exit(1)")
        assert run.student.wait(5)
    with inside(zygote) as run:
        assert run("print(1)") == "1\n"


def test_is_a_thread_bomb_stopped(zygote):
    """By the kernel, which counts the threads of a user; where the user is not the submission's own, by the
    watchdog at its next look, before which memory alone bounds their number."""
    bomb = """
    import threading, time
    made = 0
    try:
        for i in range(500):
            threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
            made += 1
    except RuntimeError:
        pass
    print(made)
    """
    with inside(zygote) as run:
        try:
            if int(run(bomb)) >= LIMITS.processes:
                run("time.sleep(5)")
                pytest.fail("nobody looked")
        except StudentGone:
            assert run.student.wait(5).why == "processes"


def test_does_the_wall_clock_end_what_ignores_every_signal(zygote):
    stubborn = """
    import signal, time
    for number in range(1, 65):
        try: signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError): pass
    while True:
        time.sleep(1)
    """
    with inside(zygote, limits=Limits(notebook_seconds=0.1)) as run:
        with pytest.raises(StudentGone):
            run(stubborn)
        ending = run.student.wait(5)
        assert (ending.why, ending.signal) == ("wall", signal.SIGKILL)


def test_does_the_kernel_end_what_computes_for_too_long(zygote):
    with inside(zygote, limits=Limits(notebook_seconds=0.1)) as run:
        with pytest.raises(StudentGone):
            run("import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass")
        assert run.student.wait(5).why in ("cpu", "wall")


def test_is_a_daemon_killed_with_its_submission(zygote):
    """It forks twice, leaves the session, ignores signals and runs another program."""
    with inside(zygote) as run:
        run("""
        import os, signal, time
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                os.execv('/bin/sleep', ['sleep', '98765.4321'])
            os._exit(0)
        os.wait()
        time.sleep(0.2)
        """)
        assert any("98765.4321" in line for line in command_lines())
    assert not any("98765.4321" in line for line in command_lines())


def test_can_a_student_use_what_is_allowed(zygote):
    with inside(zygote, {"data/x.csv": b"1,2\n"}) as run:
        assert run("!echo shell") == "shell\n"
        assert run("import numpy as np; print(np.loadtxt('data/x.csv', delimiter=',').sum())") == "3.0\n"
        assert run("import tempfile; f = tempfile.TemporaryFile(); print(f.write(b'abc'))") == "3\n"
        assert (
            run("import shutil; shutil.copy('data/x.csv', 'y.csv'); print(open('y.csv').read())") == "1,2\n\n"
        )
        assert run("import cs231nlib.utils, sqlite3, ssl; print('ok')") == "ok\n"
        assert run("import asyncio; print(await asyncio.sleep(0, 5))") == "5\n"
        run("import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.savefig('plot.png')")
        assert int(run("import os; print(os.path.getsize('plot.png'))")) > 1000
