"""What a student's process records of its cells: as nbclient would, bounded, with nobody at the keyboard."""

import os
import pwd
import time

import pytest
from confined import LEVELS, require

from grader.engine.judge.link import Link
from grader.engine.sandbox.zygote import Zygote
from grader.engine.wire.admission import admitted
from grader.engine.wire.channel import Channel
from grader.engine.wire.outputs import MAX_OUTPUTS
from grader.records import Limits

ROOM = 100_000


@pytest.fixture(scope="module")
def student():
    with Zygote() as zygote, zygote.start({"own.txt": b"mine"}, Limits()) as process:
        yield Link(Channel(process.sock))


class Cells:
    def __init__(self, link):
        self.link, self.count = link, 0

    def __call__(self, source, max_chars=ROOM):
        self.count += 1
        self.link.start_cell(time.monotonic() + 20)
        succeeded, claimed, dropped = self.link.run_cell(source, self.count, max_chars)
        outputs, overflowed = admitted(claimed, max_chars)
        return succeeded, outputs, dropped or overflowed


@pytest.fixture(scope="module")
def run(student):
    return Cells(student)


def kinds(outputs):
    return [output["output_type"] for output in outputs]


def test_streams_and_the_last_value(run):
    _, outputs, _ = run("import sys\nprint('a')\nprint('b')\nprint('c', file=sys.stderr)\n6 * 7")
    assert kinds(outputs) == ["stream", "stream", "execute_result"]
    assert outputs[0] == {"output_type": "stream", "name": "stdout", "text": "a\nb\n"}
    assert outputs[1]["name"] == "stderr"
    assert outputs[2]["data"] == {"text/plain": "42"} and outputs[2]["execution_count"] == run.count


def test_a_semicolon_hides_the_last_value(run):
    assert run("6 * 7;")[1] == []


def test_rich_displays(run):
    source = "from IPython.display import HTML, Math, display\ndisplay(HTML('<b>x</b>'))\nMath('x^2')"
    _, outputs, _ = run(source)
    assert kinds(outputs) == ["display_data", "execute_result"]
    assert outputs[0]["data"]["text/html"] == "<b>x</b>"
    assert "$\\displaystyle x^2$" in outputs[1]["data"]["text/latex"]


def test_figures_are_shown_once_and_inline(run):
    for source in (
        "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
        "plt.plot([3]); plt.show(block=True)",
    ):
        succeeded, outputs, _ = run(source)
        assert succeeded and kinds(outputs) == ["display_data"]
        assert outputs[0]["data"]["image/png"].startswith("iVBOR")
    assert run("1;")[1] == []


@pytest.mark.parametrize("backend", ["qt", "tk", "notebook", "widget"])
def test_window_backends_fall_back_to_inline(run, backend):
    run("import matplotlib.pyplot as plt")
    succeeded, outputs, _ = run(f"%matplotlib {backend}\nplt.plot([1]);\nplt.show()")
    assert succeeded and "image/png" in outputs[-1]["data"]


def test_matplotlib_use_does_no_harm(run):
    assert run("import matplotlib\nmatplotlib.use('TkAgg')\nimport matplotlib.pyplot as plt\nplt.figure();")[
        0
    ]


def test_magics_and_commands(run):
    assert run("%%time\nx = 5")[0]
    assert run("!echo from the shell")[1][0]["text"] == "from the shell\n"
    assert run("files = !ls\nfiles")[1][-1]["data"]["text/plain"] == "['own.txt']"
    assert run("%%capture out\nprint(3)\nout2 = 1")[0]
    assert run("len?")[0]


def test_errors(run):
    succeeded, outputs, _ = run("def f():\n    return 1 / 0\nf()")
    assert not succeeded
    (error,) = outputs
    assert error["ename"] == "ZeroDivisionError" and error["evalue"] == "division by zero"
    text = "\n".join(error["traceback"])
    assert "return 1 / 0" in text and f"Cell In[{run.count}]" in text


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("def f(:", "SyntaxError"),
        ("raise SystemExit(3)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    ],
)
def test_other_ends_of_a_cell_are_errors_too(run, source, name):
    succeeded, outputs, _ = run(source)
    assert not succeeded and [o["ename"] for o in outputs if o["output_type"] == "error"] == [name]


def test_nobody_is_at_the_keyboard(run):
    for source in ("input('x')", "import getpass; getpass.getpass()"):
        assert "nobody can answer" in run(source)[1][0]["evalue"]
    for source in ("exit()", "quit()"):
        assert "exit() was called" in run(source)[1][0]["evalue"]


def test_names_live_from_cell_to_cell(run):
    run("kept = 17")
    assert run("kept")[1][0]["data"]["text/plain"] == "17"
    assert run("open('own.txt').read()")[1][0]["data"]["text/plain"] == "'mine'"


def test_outputs_are_bounded_in_size_and_number(run):
    _, outputs, dropped = run("print('x' * 1_000_000)\n'y'", max_chars=1000)
    assert dropped and sum(len(o.get("text", "")) for o in outputs) == 1000
    _, outputs, dropped = run("from IPython.display import display\nfor i in range(999): display(i)")
    assert (dropped, len(outputs)) == (True, MAX_OUTPUTS), outputs[:2]
    assert run("'all is well again'")[2] is False


def test_bad_bytes_on_stdout(run):
    _, outputs, _ = run("import sys\nsys.stdout.buffer.write(b'\\xff\\x00ok\\x1b[0m')\nprint('\\ud800')")
    text = outputs[0]["text"]
    assert "ok" in text and "\0" not in text
    text.encode()


def test_a_bad_repr_is_an_error_of_the_cell(run):
    assert "error" in kinds(run("class Bad:\n    def __repr__(self): 1 / 0\nBad()")[1])


def test_what_was_cleared_takes_no_room(run):
    source = "from IPython.display import clear_output\nfor i in range(9):\n    print('x' * 900)"
    _, outputs, dropped = run(f"{source}\n    clear_output(wait=True)\nprint('end')", max_chars=1000)
    assert not dropped and outputs[-1]["text"] == "end\n"


def test_the_users_home_is_not_named(run):
    (shown,) = run("import matplotlib\nmatplotlib.get_cachedir(), matplotlib.get_configdir()")[1]
    assert pwd.getpwuid(os.geteuid()).pw_dir not in shown["data"]["text/plain"]


def test_magics_without_a_percent_sign(run):
    assert run("cd .\n")[0] and run("pwd")[1][0]["data"]["text/plain"]
    assert "exit() was called" in run("exit")[1][0]["evalue"]
    assert not run("pwd\npwd")[0]  # only where the line is all there is


@pytest.mark.parametrize("level", LEVELS)
def test_what_magics_keep_lies_in_the_home_of_the_process(level):
    require(level)
    with Zygote(level) as zygote, zygote.start({}, Limits()) as process:
        run = Cells(Link(Channel(process.sock)))
        assert run("len(_dh)")[1][0]["data"]["text/plain"] == "1"
        moved, outputs, _ = run("%cd .\na = 6\n%store a\n%store")
        assert moved and "-> 6" in outputs[-1]["text"], outputs


def test_a_fork_keeps_the_state_before(student):
    run = Cells(student)
    run("x = 1")
    copy = student.fork(5)
    Cells(copy)("x = 2")
    assert copy.names(["x"]) == {"x": 2}
    assert student.back(5) == -9
    assert student.names(["x"]) == {"x": 1}


def test_awaiting_at_the_top_of_a_cell(run):
    source = "import asyncio\nasync def f():\n    return 6\nawait f() * 7"
    assert run(source)[1][0]["data"] == {"text/plain": "42"}
