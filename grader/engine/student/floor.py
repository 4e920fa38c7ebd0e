"""Who may speak to the judge: student code may call a function of the judge's from any thread."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator


class Floor:
    """One thread at a time has the floor, from what it sends to what it hears next.

    Each question is answered by the thread that heard it, the last question first: the judge waits for it.
    At the beginning the floor is taken, by the thread that waits for the first question.
    """

    def __init__(self):
        self._change = threading.Condition()
        self._taken = True
        self._open: list[int] = []  # for each question without an answer, the thread that heard it

    @contextlib.contextmanager
    def asking(self) -> Iterator[None]:
        """Take the floor to send a question; what cannot be sent gives it back."""
        with self._change:
            self._change.wait_for(lambda: not self._taken)
            self._taken = True
        try:
            yield
        except BaseException:
            self._give_back()
            raise

    @contextlib.contextmanager
    def answering(self) -> Iterator[None]:
        """The same for the answer to the question that this thread heard last."""
        me = threading.get_ident()
        with self._change:
            self._change.wait_for(lambda: not self._taken and self._open[-1] == me)
            self._taken = True
            self._open.pop()
        try:
            yield
        except BaseException:
            self.heard(True)
            raise

    def heard(self, question: bool) -> None:
        """This thread has heard what came, or is as if it had: others may speak."""
        if question:
            self._open.append(threading.get_ident())
        self._give_back()

    def _give_back(self) -> None:
        with self._change:
            self._taken = False
            self._change.notify_all()
