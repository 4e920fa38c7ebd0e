"""The judge's process: reads the instructor's notebook and runs its imports once, forks for each submission.

It is limited in memory and can be killed at any time. Run as `python -m grader.engine.judge.process REQUESTS
MATERIAL PARENT FOLDER` by `client.Judge`: two descriptors, one for the submissions to come, one for the
notebook; then what `main` says.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import resource
import signal
import socket
import sys
import tempfile
import time
from dataclasses import asdict

from traitlets import Bunch

from grader import shared_data
from grader.engine.judge.allowance import note_stops
from grader.engine.judge.bench import Bench
from grader.engine.judge.client import ENDING, SLIPS
from grader.engine.judge.endings import run_endings
from grader.engine.judge.trial import Trial
from grader.engine.judge.trusted_channel import StudentCell, TrustedChannel
from grader.engine.wire.channel import WireClosed, receive_socket
from grader.machine import die_with
from grader.records import Limits, Place, Reach

MEMORY_MB = 2048


def main(requests: socket.socket, material: socket.socket, parent: int, folder: str) -> None:
    """Read the notebook and its files, then fork for each submission until nobody can ask any more.

    folder: empty, for all that is written here, and deleted by `parent`, the process with whose end we end.
    """
    die_with(parent)
    gc.disable()  # what is imported and compiled stays
    files = settle(folder)
    with material:
        source, *more = unpack(TrustedChannel(material), files)
    shared_data.link()
    sys.path.insert(0, files)
    bench, problem = None, ""
    try:
        bench = Bench(json.loads(source, object_hook=Bunch), *more)
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"
    gc.freeze()
    gc.enable()
    serve(requests, bench, problem)


def settle(folder: str) -> str:
    """Two folders there: one for temporary files, and one for the notebook's, where we are from now on."""
    files, temporary = (os.path.join(folder, name) for name in ("files", "temporary"))
    for path in (files, temporary):
        os.mkdir(path)
    os.environ["TMPDIR"] = tempfile.tempdir = temporary
    os.chdir(files)
    return files


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
            tell_ending(TrustedChannel(sock), codes)
        elif os.fork() == 0:
            die_with(server)
            requests.close()
            channel = TrustedChannel(sock)
            os._exit(tell_slips(bench, channel) if note == SLIPS else try_submission(bench, problem, channel))
        sock.close()


def reap(codes: dict[int, int]) -> None:
    """Collect the trials that ended, so that their CPU time is counted: exit codes of the crashed by id."""
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            if ended[1]:
                codes[ended[0]] = os.waitstatus_to_exitcode(ended[1])


def tell_ending(channel: TrustedChannel, codes: dict[int, int]) -> None:
    """The exit code of a trial that has ended, or is killed if it has not."""
    (pid,) = channel.receive()
    if pid not in codes:
        with contextlib.suppress(ChildProcessError):
            os.kill(pid, signal.SIGTERM)
            codes[pid] = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    channel.send(codes.pop(pid, 0))


def unpack(channel: TrustedChannel, folder: str) -> tuple:
    """Write the files that come piece by piece into `folder`; what comes after them."""
    while len(message := channel.receive()) == 2:
        name, piece = message
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "ab") as file:
            file.write(piece)
    return message


def tell_slips(bench: Bench | None, channel: TrustedChannel) -> int:
    """In the forked child: how the slips of the solutions end, for the release."""
    from grader.engine.judge.slip_marks import slip_marks

    channel.send(slip_marks(bench, *channel.receive()) if bench else {})
    return 0


def try_submission(bench: Bench | None, problem: str, channel: TrustedChannel) -> int:
    """In the forked child: one trial, reported to the grading process."""
    started = time.process_time()
    note_stops()
    try:
        channel.send(os.getpid(), problem)
        if bench is None:
            return 1
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MB << 20, MEMORY_MB << 20))
        cells, limits, seed, lost, only, short, places, endings, reach = channel.receive()
        tracks = bench.confinement.enter(reach and Reach(**reach))
        cells = [StudentCell(*cell) for cell in cells]
        places = {grade_id: Place(place) for grade_id, place in places.items()}
        trial = Trial(bench, channel, cells, Limits(**limits), seed, lost, only, short, places)
        if endings:
            run_endings(trial, [[StudentCell(*cell) for cell in ending] for ending in endings])
        else:
            trial.run()
        if tracks:
            channel.send("reach", asdict(bench.confinement.beyond(tracks)))
        channel.send("end", time.process_time() - started)
    except WireClosed:
        return 1
    return 0


if __name__ == "__main__":
    asked, given = (socket.socket(fileno=int(fd)) for fd in sys.argv[1:3])
    main(asked, given, int(sys.argv[3]), sys.argv[4])
