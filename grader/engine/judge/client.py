"""The judge as the grading process sees it: start one for a notebook, ask it to try submissions.

The judge is a process of its own (see `process`), which runs an instructor's test cells and reaches
student code by wire only. It is trusted, holds the tests, and never imports, unpickles or evaluates anything
of a student's.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple
from typing import Any

from grader import shared_data, workspace
from grader.answer_key import AnswerKey
from grader.engine.judge.trusted_channel import TrustedChannel
from grader.engine.wire.channel import connected_pair, send_socket

ENDING = b"?"  # the note with which the judge is asked how a trial ended
SLIPS = b"~"  # that with which it is asked how the slips of the solutions end
ENVIRONMENT = {
    "NBGRADER_EXECUTION": "autograde",
    "MPLBACKEND": "agg",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}
_SECRET = re.compile("TOKEN|SECRET|PASS|KEY|CREDENTIAL|AUTH|_URL")
PIECE = 16 << 20  # bytes of a file that travel in one message


class Judge:
    """A judge process for notebook `name` of `key`, for this process and those forked from it."""

    def __init__(self, key: AnswerKey, name: str):
        self.file = f"{name}.ipynb"
        self._requests, requests = socket.socketpair()
        ours, theirs = connected_pair()
        self._folder, self._held = workspace.make()
        fds = [requests.fileno(), theirs.fileno()]
        arguments = [*map(str, fds), str(os.getpid()), self._folder]
        source = json.dumps(key.notebooks[name])
        surroundings = ENVIRONMENT | shared_data.environment(key.surroundings.data)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "grader.engine.judge.process", *arguments],
            pass_fds=fds, stdin=subprocess.DEVNULL,
            env=_told(source) | surroundings,
            start_new_session=True,  # Ctrl-C is for us, who then end it
        )  # fmt: skip
        requests.close()
        theirs.close()
        known = {grade_id: [astuple(m) for m in mistakes] for grade_id, mistakes in key.mistakes.items()}
        with ours:
            channel = TrustedChannel(ours)
            for path, piece in _pieces({**key.files, **key.handed_in}):
                channel.send(path, piece)
            channel.send(source, known, key.library_name, key.library, key.whole)

    def start_trial(self) -> tuple[TrustedChannel, int, str]:
        """A judge process for one submission: the way to talk to it, its process id, and what is wrong with
        the instructor's notebook, or nothing. Raises WireClosed when the judge has died."""
        ours, theirs = connected_pair()
        send_socket(self._requests, theirs)
        theirs.close()
        channel = TrustedChannel(ours)
        return channel, *channel.receive()

    def ending(self, trial: int) -> int:
        """The exit code of the process of an ended trial. Raises WireClosed when the judge has died."""
        return self._asked(ENDING, trial)

    def slips(self, seed: int, rights: Mapping[str, Sequence[str]]) -> dict[str, list]:
        """grade_id of a test -> its slips (see `slip_marks`). Raises WireClosed when the judge has died."""
        return self._asked(SLIPS, seed, rights)

    def _asked(self, note: bytes, *about: Any) -> Any:
        """The judge's answer to a question, on a channel of its own."""
        ours, theirs = connected_pair()
        send_socket(self._requests, theirs, note)
        theirs.close()
        with ours:
            channel = TrustedChannel(ours)
            channel.send(*about)
            return channel.receive()[0]

    def close(self) -> None:
        """End the process, also where forked children still hold the socket."""
        self._requests.close()
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)
        os.close(self._held)


def _told(text: str) -> dict[str, str]:
    """The environment without what looks like a secret; a course's `text` may name what it needs."""
    return {n: value for n, value in os.environ.items() if n in text or not _SECRET.search(n.upper())}


def _pieces(files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """The files in pieces that fit into a message each; an empty one is a piece, too."""
    for name, data in files.items():
        for start in range(0, len(data) or 1, PIECE):
            yield name, data[start : start + PIECE]


class Judges:
    """The judges of an answer key: a process for each of its notebooks, shared by processes forked later.

    Entering the context starts all of them at once, leaving it ends them.
    """

    def __init__(self, key: AnswerKey):
        self.key = key
        self._judges: dict[str, Judge] = {}

    def of(self, notebook: str) -> Judge:
        """The judge of one notebook, started where it is not running yet."""
        if notebook not in self._judges:
            self._judges[notebook] = Judge(self.key, notebook)
        return self._judges[notebook]

    def __enter__(self) -> Judges:
        for name in self.key.notebooks:
            self.of(name)
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        for judge in self._judges.values():
            judge.close()
        self._judges.clear()
