"""Where commands write: the console, standard error, the progress bar; nothing that a terminal would obey."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

console = Console(highlight=False)
errors = Console(highlight=False, stderr=True)


def one_line(text: str) -> str:
    """`text` without anything a terminal would obey."""
    return "".join(char if char.isprintable() else "�" for char in text)


def say(text: str) -> None:
    console.print(one_line(text), markup=False, soft_wrap=True)


def warn(text: str) -> None:
    """A line on standard error, beside what a command writes."""
    errors.print(one_line(text), markup=False, soft_wrap=True)


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[..., None]]:
    """A bar with an estimate; yields a function of (done, total, what else there is to say)."""
    text, counts = TextColumn("{task.description}"), TextColumn("{task.fields[more]}", markup=False)
    with Progress(
        text, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), counts,
        console=console, transient=True,
    ) as progress:  # fmt: skip
        task = progress.add_task(what, total=None, more="")
        yield lambda done, total, more="": progress.update(
            task, completed=done, total=total, more=one_line(more)
        )
