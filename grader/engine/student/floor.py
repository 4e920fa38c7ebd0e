"""Who may speak to the judge: student code may call a function of the judge's from any thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from threading import get_ident


class Floor:
    """One thread at a time has the floor, from what it sends to what it hears next.

    Each question is answered by the thread that heard it, the last question first: the judge waits for it.
    At the beginning the floor is taken, by the thread that waits for the first question.
    """

    def __init__(self):
        self._lock = threading.Lock()
        self._change, self._waiting = threading.Condition(self._lock), 0
        self._taken = True
        self._open: list[int] = []  # for each question without an answer, the thread that heard it

    def ask(self, send: Callable[..., list], *message: object) -> list:
        """Take the floor and send a question; what cannot be sent gives it back."""
        with self._lock:
            while self._taken:
                self._wait()
            self._taken = True
        try:
            return send(*message)
        except BaseException:
            self.heard(question=False)
            raise

    def answer(self, send: Callable[..., object], *message: object) -> None:
        """The same for the answer to the question that this thread heard last."""
        me = get_ident()
        with self._lock:
            while self._taken or self._open[-1] != me:
                self._wait()
            self._taken = True
            self._open.pop()
        try:
            send(*message)
        except BaseException:
            self.heard(question=True)
            raise

    def heard(self, *, question: bool) -> None:
        """This thread has heard what came, or is as if it had: others may speak."""
        with self._lock:
            if question:
                self._open.append(get_ident())
            self._taken = False
            if self._waiting:
                self._change.notify_all()

    def _wait(self) -> None:
        self._waiting += 1
        try:
            self._change.wait()
        finally:
            self._waiting -= 1
