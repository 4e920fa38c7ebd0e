"""A check in a notebook that does not end is ended: it says so, and the checks below it still run."""

import _thread
import contextlib
import threading
import time

from grader.notebook.evidence import HANGS, WHY

SECONDS = 20.0  # as long as grading waits
AGAIN = 2.0  # where one check did not end, the next ones seldom do
STOPPED = f"You stopped it here. {WHY}"


class Patience:
    """Interrupts the main thread when what stands between `start` and `stop` takes too long.

    once_more: a check above did not end either.
    """

    def __init__(self, once_more: bool = False) -> None:
        self._seconds = min(AGAIN, SECONDS) if once_more else SECONDS
        self.is_over = self._stopped = False
        self._lock = threading.Lock()
        self._timer = threading.Timer(self._seconds, self._end)
        self._timer.daemon = True

    def start(self) -> None:
        """From now on the time counts; not in a browser, where no thread starts."""
        with contextlib.suppress(RuntimeError):
            self._timer.start()

    def stop(self, interrupted: bool) -> str:
        """What to say of what was interrupted; "" of the rest. Nothing is interrupted from now on."""
        self._timer.cancel()
        with self._lock:
            late, self._stopped = self.is_over, True
        if interrupted:
            return HANGS.format(self._seconds) if late else STOPPED
        if late:  # at the very last moment: the interruption is still to come
            _await_interruption()
        return ""

    def _end(self) -> None:
        with self._lock:
            if not self._stopped:
                self.is_over = True
                _thread.interrupt_main()


def _await_interruption() -> None:
    with contextlib.suppress(KeyboardInterrupt):
        time.sleep(1.0)
