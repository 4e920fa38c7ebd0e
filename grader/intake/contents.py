"""The files of one download, whatever it is: each with a way to read it, and those that are refused."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field


class FileRefused(Exception):
    """A file that is not taken; the message says why."""


@dataclass(frozen=True)
class Member:
    """One file; `read()` gives its bytes or raises FileRefused."""

    path: str
    read: Callable[[], bytes] = field(repr=False)


@dataclass
class Contents:
    """The files of one download, a line for each refused one, and the folders that are git clones."""

    members: list[Member] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    clones: set[str] = field(default_factory=set)
    archive: zipfile.ZipFile | None = None

    def __enter__(self) -> Contents:
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self.archive:
            self.archive.close()
