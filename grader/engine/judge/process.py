"""The judge's process: reads the instructor's notebook and runs its imports once, forks for each submission.

It is limited in memory and can be killed at any time. Run as `python -m grader.engine.judge.process REQUESTS
MATERIAL PARENT FOLDER` by `client.Judge`: two descriptors, one for the submissions to come, one for the
notebook; then what `main` says.
"""

from __future__ import annotations

import ast
import contextlib
import gc
import json
import os
import resource
import signal
import socket
import sys
import time
import zlib
from collections.abc import Iterable, Mapping
from types import CodeType

from traitlets import Bunch

from grader import shared_data
from grader.engine.judge.allowance import note_stops
from grader.engine.judge.client import ENDING, Cell, Talk
from grader.engine.judge.guards import guard_idioms
from grader.engine.judge.lending import make_library
from grader.engine.judge.mistakes import Known
from grader.engine.judge.students_text import without_evaluation
from grader.engine.judge.testcell import GRADE_MIME, Compiled, TestRun, compile_test, show_lines
from grader.engine.judge.trial import Trial
from grader.engine.wire.capturing_shell import CapturingShell, Publisher
from grader.engine.wire.channel import Closed, receive_socket
from grader.machine import die_with
from grader.notebook.names import parse
from grader.notebook.plan import TestCell, make_plan
from grader.records import Check, Limits, Place

MEMORY_MB = 2048


class Bench:
    """What the judge has ready before a submission comes: plan, compiled cells, a shell, imported modules."""

    def __init__(self, nb, mistakes: Mapping[str, list[tuple]], library_name: str, library, whole: bool):
        self.lends = library is not None
        self.library_name = library_name
        self.library = vars(make_library(library_name, library)) if library else {}
        self.plan = plan = make_plan(nb, whole=whole)
        self.mistakes = {name: [_known(*fields) for fields in known] for name, known in mistakes.items()}
        self.tests = {grade_id: compile_test(test) for grade_id, test in plan.tests.items()}
        self.steps = [self._ready(step) for step in plan.steps]
        self.reference = [self._ready(step) for step in plan.reference]
        self.shell = JudgeShell()
        self.names = self.shell.user_ns
        if not self.lends:  # the chapters' own tests are known to evaluate nothing of a student's
            sources = "\n".join(cell.source for cell in nb.cells)
            self.names["__builtins__"] = without_evaluation(sources)
        for step in plan.steps:
            import_modules(step if isinstance(step, str) else step.source)
        for cell in plan.cells:
            _ = cell.needs  # read once, before the forks
        guard_idioms()

    def _ready(self, step: str | TestCell) -> CodeType | Compiled:
        return compiled(step) if isinstance(step, str) else self.tests[step.grade_id]


def compiled(source: str) -> CodeType:
    """Plain statements; what only a notebook's shell can run, such as `await`, raises when it is run here."""
    try:
        return compile(source, "<instructor>", "exec")
    except SyntaxError as error:
        return compile(f"raise SyntaxError({str(error)!r})", "<instructor>", "exec")


def _known(source: str, loses: float, hint: str) -> Known:
    filename = f"<known-wrong answer {zlib.crc32(source.encode())}>"
    show_lines(source, filename)
    return Known(compile(source, filename, "exec"), loses, hint)


def import_modules(source: str) -> None:
    """Import what a source imports, so that it is there after the fork; binds no name."""
    for node in ast.walk(parse(source)):
        modules = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        modules += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
        for module in modules:
            with contextlib.suppress(Exception):  # a cell that needs it will say so
                __import__(module)


class JudgePublisher(Publisher):
    """Gives the rows of a Grade to the run of the test cell, and shows only those that are not hidden."""

    run: TestRun

    def publish(self, data, metadata=None, **kwargs):
        if GRADE_MIME in data:
            self.run.add_checks(data[GRADE_MIME])
            if any(check.hidden for check in self.run.checks):
                data = {"text/plain": visible(self.run.checks)}
        if not self.run.in_hidden():
            super().publish(data, metadata, **kwargs)


def visible(checks: Iterable[Check]) -> str:
    """The checks as text; of the hidden ones what they earned together, and the nudges of what failed."""
    shown = [check for check in checks if not check.hidden]
    hidden = [check for check in checks if check.hidden]
    lines = [
        f"{c.label}  [{c.points:g}/{c.max_points:g}]" + (f"\n    {c.message}" if c.message else "")
        for c in shown
    ]
    earned, offered = sum(c.points for c in hidden), sum(c.max_points for c in hidden)
    nudges = [f"    {check.nudge}" for check in hidden if check.nudge and not check.passed]
    return "\n".join([*lines, f"checks you cannot see  [{earned:g}/{offered:g}]", *nudges])


class JudgeShell(CapturingShell):
    publisher_class = JudgePublisher


def main(requests: socket.socket, material: socket.socket, parent: int, folder: str) -> None:
    """Read the notebook and its files, then fork for each submission until nobody can ask any more.

    folder: empty, for the files, and deleted by `parent`, the process with whose end we end.
    """
    die_with(parent)
    gc.disable()  # what is imported and compiled stays
    with material:
        source, *more = unpack(Talk(material), folder)
    os.chdir(folder)
    shared_data.link()
    sys.path.insert(0, folder)
    bench, problem = None, ""
    try:
        bench = Bench(json.loads(source, object_hook=Bunch), *more)
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"
    gc.freeze()
    gc.enable()
    serve(requests, bench, problem)


def serve(requests: socket.socket, bench: Bench | None, problem: str) -> None:
    """A trial for each socket that comes; or, with another note, an answer to how a trial ended."""
    codes: dict[int, int] = {}
    server = os.getpid()
    while True:
        note, sock = receive_socket(requests)
        if sock is None:
            return
        reap(codes)
        if note == ENDING:
            tell_ending(Talk(sock), codes)
        elif os.fork() == 0:
            die_with(server)
            requests.close()
            os._exit(try_submission(bench, problem, Talk(sock)))
        sock.close()


def reap(codes: dict[int, int]) -> None:
    """Collect the trials that ended, so that their CPU time is counted: exit codes of the crashed by id."""
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            if ended[1]:
                codes[ended[0]] = os.waitstatus_to_exitcode(ended[1])


def tell_ending(talk: Talk, codes: dict[int, int]) -> None:
    """The exit code of a trial that has ended, or is killed if it has not."""
    (pid,) = talk.receive()
    if pid not in codes:
        with contextlib.suppress(ChildProcessError):
            os.kill(pid, signal.SIGTERM)
            codes[pid] = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    talk.send(codes.pop(pid, 0))


def unpack(talk: Talk, folder: str) -> tuple:
    """Write the files that come piece by piece into `folder`; what comes after them."""
    while len(message := talk.receive()) == 2:
        name, piece = message
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "ab") as file:
            file.write(piece)
    return message


def try_submission(bench: Bench | None, problem: str, talk: Talk) -> int:
    """In the forked child: one trial, reported to the grading process."""
    started = time.process_time()
    note_stops()
    try:
        talk.send(os.getpid(), problem)
        if bench is None:
            return 1
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MB << 20, MEMORY_MB << 20))
        cells, limits, seed, lost, only, places = talk.receive()
        cells = [Cell(*cell) for cell in cells]
        places = {grade_id: Place(place) for grade_id, place in places.items()}
        Trial(bench, talk, cells, Limits(**limits), seed, lost, only, places).run()
        talk.send("end", time.process_time() - started)
    except Closed:
        return 1
    return 0


if __name__ == "__main__":
    asked, given = (socket.socket(fileno=int(fd)) for fd in sys.argv[1:3])
    main(asked, given, int(sys.argv[3]), sys.argv[4])
