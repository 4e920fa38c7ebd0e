"""What a test cell shows: its own prints and figures, and what the student's code printed while it ran.

While a hidden test runs nothing is shown: what the student's code prints then could tell what it was given.
"""

from __future__ import annotations

import contextlib
import sys

from grader.engine.judge.link import Link
from grader.engine.judge.student_errors import StudentGone
from grader.engine.judge.testcell import TestRun
from grader.engine.wire.admission import admitted
from grader.engine.wire.outputs import OutputCapture, Stream


class Listener:
    """While a test cell runs: collects into `shown`, up to `max_chars`, what may be shown of it."""

    def __init__(self, link: Link, run: TestRun, capture: OutputCapture, max_chars: int):
        self.link, self.run, self.max_chars = link, run, max_chars
        self.shown: list[dict] = []
        self._capture, self._hidden = capture, False

    def __enter__(self) -> Listener:
        self._capture.max_chars = self.max_chars
        self._capture.start()
        self.link.on_call, self.link.on_answer = self._before_call, self._after_answer
        self._streams = contextlib.ExitStack()
        self._own = own = _OwnStream(self._capture, self.run)
        self._streams.enter_context(contextlib.redirect_stdout(own))
        self._streams.enter_context(contextlib.redirect_stderr(own))
        return self

    def __exit__(self, *_why: object) -> None:
        self._streams.close()
        with contextlib.suppress(StudentGone):
            self._collect()
        self.link.on_call = self.link.on_answer = lambda: None

    def _before_call(self) -> None:
        hidden = self.run.in_hidden()
        self.link.callbacks.secret |= hidden
        if hidden != self._hidden or self._redirected():
            self._collect()
            self._hidden = hidden

    def _redirected(self) -> bool:
        """Whether the test has put streams of its own in the place of ours."""
        return sys.stdout is not self._own or sys.stderr is not self._own

    def _after_answer(self) -> None:
        """What student code printed belongs to the stream that the test reads."""
        for output in self._theirs() if self._redirected() else ():
            if output["output_type"] == "stream":
                (sys.stderr if output["name"] == "stderr" else sys.stdout).write(output["text"])
            elif not self._hidden:
                self.shown.append(as_stdout(output))

    def _collect(self) -> None:
        """Take what was shown since the last time; drop the student's when a hidden test was running."""
        theirs = self._theirs()
        own, _ = self._capture.take()
        shown = [] if self._hidden else [as_stdout(output) for output in theirs]
        self.shown += shown + admitted(own, self.max_chars)[0]

    def _theirs(self) -> list[dict]:
        """What student code showed since the last time."""
        return admitted(self.link.outputs(self.max_chars)[0], self.max_chars)[0]


class _OwnStream(Stream):
    """Where a test's own prints go; those of a hidden test go nowhere."""

    def __init__(self, capture: OutputCapture, run: TestRun):
        super().__init__(capture, "stdout")
        self._run = run

    def write(self, text: str) -> int:
        return len(text) if self._run.in_hidden() else super().write(text)


def as_stdout(output: dict) -> dict:
    """What a test cell shows must be neither an error nor a result but the test's own."""
    if output["output_type"] == "stream":
        return output | {"name": "stdout"}
    if output["output_type"] == "error":
        return {"output_type": "stream", "name": "stdout", "text": "\n".join(output["traceback"])}
    return {"output_type": "display_data", "data": output["data"], "metadata": {}}
