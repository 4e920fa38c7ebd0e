"""Whatever a student's code does to its own processes and to the wire is never our machine's doing.

On both levels: nothing ends NOT_GRADED, points are lost where the code does it, and nowhere else.
"""

import textwrap

import pytest
from confined import LEVELS, require
from questions import FOLDER, answer_key, submission

from grader.engine.execute import execute
from grader.engine.judge.client import Judges
from grader.engine.sandbox.zygote import Zygote
from grader.records import Limits, Status

INSTRUCTOR = (FOLDER / "instructor.py").read_text()
LIMITS = Limits(cell_seconds=0.5, notebook_seconds=5.0, memory_mb=400)
HELP = """
import array, os, socket, sys, time
def server():
    frame = sys._getframe()
    while "Server" not in type(frame.f_locals.get("self")).__name__:
        frame = frame.f_back
    return frame.f_locals["self"]
def wire():
    return server().conversation.channel.sock.fileno()
def child(work):
    if os.fork() == 0:
        work()
        os._exit(0)
"""
DOINGS = {
    "closes all descriptors": "os.closerange(0, 256)",
    "ends its connection": "socket.socket(fileno=os.dup(wire())).shutdown(2)",
    "answers byte by byte": "while True: os.write(wire(), b'\\1'); time.sleep(0.1)",
    "fills the channel": "while True: os.write(wire(), b'x' * 65536)",
    "sends a descriptor": "socket.socket(fileno=os.dup(wire())).sendmsg("
    "[b'+'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [0]))])",
    "is killed by its child": "child(lambda: os.kill(os.getppid(), 9)); time.sleep(1000)",
    "is stopped by its child": "child(lambda: os.kill(os.getppid(), 19)); time.sleep(1000)",
    "stops and goes on": "signals = (19, 18) * 99\n"
    "child(lambda: [(os.kill(os.getppid(), n), time.sleep(0.05)) for n in signals]); time.sleep(1000)",
    "kills its parent": "os.kill(os.getppid(), 9) if os.getppid() else None; os._exit(0)",
    "kills everybody": "child(lambda: os.kill(-1, 9)); time.sleep(0.3); os._exit(0)",
    "leaves a child in its place": "os._exit(0) if os.fork() else time.sleep(1000)",
    "becomes another program": "os.execv('/bin/sleep', ['sleep', '1000'])",
    "ends its first thread": "import ctypes, threading\n"
    "threading.Thread(target=time.sleep, args=(99,)).start()\n"
    "ctypes.CDLL(None).syscall({'x86_64': 60}.get(os.uname().machine, 93), 0)",
}


@pytest.fixture(scope="module", params=LEVELS)
def run(request):
    require(request.param)
    with Zygote(request.param) as zygote, Judges(answer_key(INSTRUCTOR)) as judges:
        yield lambda text: execute(zygote, judges, "nb", submission(INSTRUCTOR, text), LIMITS)


@pytest.mark.parametrize("doing", DOINGS)
def test_it_costs_the_own_question_alone(run, doing):
    body = textwrap.indent(DOINGS[doing], "    ")
    ran = run(f"# %% solution relu\n{HELP}\ndef relu(x):\n{body}\n    return x")
    assert Status.NOT_GRADED not in (ran.status, *(v.status for v in ran.verdicts.values())), ran.detail
    assert {name: verdict.points for name, verdict in ran.verdicts.items()} == {
        "test_scale": 2, "test_relu": 0, "test_counter": 2
    }  # fmt: skip


def test_who_hears_nobody_any_more_loses_what_comes_after(run):
    ran = run(f"# %% extra relu\n{HELP}\nserver().conversation.channel.receive = lambda: time.sleep(1000)")
    assert ran.status is Status.TIMED_OUT and ran.verdicts["test_scale"].points == 2
    assert Status.NOT_GRADED not in [v.status for v in ran.verdicts.values()]


LIBRARY = (("def apply(f, x):\n    return f(x)", ("apply",)),)
WAIT = "from mynet import apply\nimport time\n"


@pytest.mark.parametrize("where", ["cell", "test"])
def test_a_lent_function_that_is_kept_waiting_costs_the_question(zygote, where):
    wait = "apply(lambda x: time.sleep(1000), 1)"
    cells = {
        "cell": f"# %% solution relu\n{WAIT}{wait}\ndef relu(x):\n    return x",
        "test": f"# %% solution relu\n{WAIT}def relu(x):\n    return {wait}",
    }
    with Judges(answer_key(INSTRUCTOR, library=LIBRARY)) as judges:
        ran = execute(zygote, judges, "nb", submission(INSTRUCTOR, cells[where]), LIMITS)
    assert {name: verdict.points for name, verdict in ran.verdicts.items()} == {
        "test_scale": 2, "test_relu": 0, "test_counter": 2
    }  # fmt: skip
    assert ran.status in (Status.COMPLETED, Status.TIMED_OUT)
