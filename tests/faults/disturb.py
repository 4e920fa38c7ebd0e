"""Disturb a grading that runs in this process: its students, its warm process, its judge, by real signals."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path


def children(pid: int) -> list[int]:
    """The processes that a process started, as far as they run."""
    with contextlib.suppress(OSError):
        tasks = os.listdir(f"/proc/{pid}/task")
        texts = [Path(f"/proc/{pid}/task/{task}/children").read_text() for task in tasks]
        return [int(child) for text in texts for child in text.split() if state(int(child)) not in "ZX"]
    return []


def state(pid: int) -> str:
    """The letter of a process's state; X when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "X"


def students(zygote) -> list[int]:
    """The first process of each submission that runs now."""
    return [student for warm in children(zygote.pid) for student in children(warm)]


def trials() -> list[int]:
    """The judges' processes that are at work on a submission."""
    return [trial for child in children(os.getpid()) if is_judge(child) for trial in children(child)]


def is_judge(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return b"grader.engine.judge.process" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def send(pids: list[int], number: int) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


@contextlib.contextmanager
def meanwhile(
    whom: Callable[[], list[int]], act: Callable[[list[int]], None], *, times=1, after=0.0
) -> Iterator:
    """While the block runs: `act` on the processes of `whom`, `after` seconds after new ones are there."""
    over = threading.Event()

    def watch() -> None:
        seen: set[int] = set()
        left = times
        while left and not over.is_set():
            if new := [pid for pid in whom() if pid not in seen]:
                over.wait(after)
                act(new)
                seen.update(new)
                left -= 1
            time.sleep(0.0005)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def kill(pids: list[int]) -> None:
    send(pids, signal.SIGKILL)


def stop_for(seconds: float, others: Callable[[], list[int]] = list) -> Callable[[list[int]], None]:
    """Stop the processes, and `others`, for so long."""

    def act(pids: list[int]) -> None:
        stopped = [*pids, *others()]
        send(stopped, signal.SIGSTOP)
        time.sleep(seconds)
        send(stopped, signal.SIGCONT)

    return act
