"""The IPython shell of a student process: magics and rich outputs without ZMQ, and nobody at the keyboard."""

from __future__ import annotations

import builtins
import contextlib
import getpass
import os
import re
import subprocess
import sys

import matplotlib.pyplot as plt
from IPython.core.error import StdinNotImplementedError
from IPython.core.formatters import DisplayFormatter
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.interactiveshell import ExecutionResult
from matplotlib_inline.backend_inline import configure_inline_support, flush_figures

from grader.engine.student.claims import CLAIMS, Claims
from grader.engine.student.comparisons import Comparisons
from grader.engine.student.names_in_tests import GIVEN, Given, TestNames
from grader.engine.wire.capturing_shell import CapturingShell
from grader.engine.wire.outputs import Stream

# A line that begins like a command or with a prompt, a question mark, an assigned command, an indented start,
# or nothing but one line that may be a magic without its percent sign, such as `cd ..`.
MAYBE_IPYTHON = re.compile(
    r"\A\s|(?:^|\r)[^\S\n]*(?:[%!,;/]|>>>|\.\.\.|In \[)|\?|=\s*[%!]|\A\w+(?!\w|[(.\[]|\s*=)[^\n]*\n?\Z",
    re.MULTILINE,
)
LAST = ("_", "__", "___")  # names of the values that cells showed last
MAYBE_AWAIT = re.compile(r"\b(?:await|async)\b")


class Shell(CapturingShell):
    """The shell of a student's process: figures inline, exit() refused, commands run and shown."""

    streams: tuple[Stream, Stream]  # those that `attach` made
    results = 1000  # as in a kernel: a test may ask for what an answer showed last

    def enable_matplotlib(self, gui=None):
        """Figures are shown inline, whatever toolkit is asked for."""
        configure_inline_support(self, "module://matplotlib_inline.backend_inline")
        return super().enable_matplotlib(gui)

    def ask_exit(self):
        raise RuntimeError("exit() was called; a graded notebook runs to its end")

    def system(self, cmd):
        """`!command`: its output is shown when it ends."""
        done = subprocess.run(
            cmd, shell=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        sys.stdout.write(done.stdout.decode("utf-8", "replace"))
        self.user_ns["_exit_code"] = done.returncode

    system_piped = system_raw = system

    def move_in(self):
        """What magics such as %cd and %store keep lies in this process's home, not in the warm one's."""
        self.db = type(self.db)(os.path.join(os.environ["HOME"], "ipython"))

    def listen(self):
        """Let the standard streams be ours, whatever was done to them before."""
        sys.stdout, sys.stderr = self.streams

    def transform_cell(self, raw_cell):
        """IPython looks four times through every token for magics; most cells have nothing like one."""
        if MAYBE_IPYTHON.search(raw_cell):
            return super().transform_cell(raw_cell)
        return raw_cell if raw_cell.endswith("\n") else raw_cell + "\n"

    def unhook(self):
        """Forget what cells put between a cell's text and its run, or between a value and how it is shown:
        nothing edits a test or its points."""
        self.ast_transformers, self.input_transformers_post = [], []
        self.input_transformer_manager = TransformerManager()
        for name in [name for name in vars(self) if callable(getattr(type(self), name, None))]:
            del vars(self)[name]
        shown = getattr(self.display_formatter, "formatters", {})
        self.display_formatter = DisplayFormatter(parent=self)
        last = {name: (self.user_ns.get(name), getattr(self.displayhook, name, "")) for name in LAST}
        self.init_displayhook()
        for name, (value, result) in last.items():
            self.user_ns[name] = value
            setattr(self.displayhook, name, result)
        with contextlib.suppress(Exception):  # pictures are shown as before
            ours = self.display_formatter.formatters
            ours.update({kind: shown[kind] for kind in shown if kind != "text/plain"})

    def run(self, source: str) -> ExecutionResult:
        """Run one cell. Its outputs are in `capture`."""
        self.autoawait = bool(MAYBE_AWAIT.search(source))  # to find out exactly is one compilation more
        result = self.run_cell(source, store_history=True)
        with contextlib.suppress(Exception):
            flush_figures()
        return result

    def run_test(self, source: str, names: tuple, claims: tuple) -> ExecutionResult:
        """Run a test: what it is told in `names` (see TestNames) is not the student's, and what counts as a
        claim (see Claims) is not believed. known: what functions of earlier tests look up, too."""
        known, given, own, ending = names
        self.user_ns[GIVEN] = Given(known, self.user_ns)
        self.user_ns[CLAIMS] = Claims(*claims)
        self.ast_transformers = [TestNames(given, own, ending), Comparisons(ending)]
        try:
            return self.run(source)
        finally:
            self.ast_transformers = []


def close_figures() -> None:
    """Let no figure that a test outside had drawn be the current one in the next cell."""
    with contextlib.suppress(Exception):
        plt.close("all")


def make_shell() -> Shell:
    """A shell that has run once, so that whatever IPython imports late is imported."""
    plt.switch_backend("module://matplotlib_inline.backend_inline")
    plt.ion()
    plt.switch_backend = lambda newbackend: None  # a window's backend would need a screen
    shell = Shell()
    shell.enable_matplotlib()
    shell.run("%matplotlib inline\n%load_ext storemagic\n%cd .\n1 / 0")  # a kernel has %store, too
    shell.reset(new_session=False)
    shell.execution_count = 1
    shell.capture.start()
    return shell


def attach(shell: Shell) -> None:
    """Send this process's standard streams to the shell's capture, and let nothing wait for a user."""
    shell.streams = Stream(shell.capture, "stdout"), Stream(shell.capture, "stderr")
    shell.listen()
    builtins.input = getpass.getpass = _nobody_there


def _nobody_there(prompt="", *_args, **_kwargs):
    raise StdinNotImplementedError("input() was called, but nobody can answer while a notebook is graded")
